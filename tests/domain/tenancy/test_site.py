from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.shared.errors import InvalidError
from domain.tenancy.organization import OrganizationId
from domain.tenancy.schema import SchemaName
from domain.tenancy.site import (
    DeletionNotConfirmedError,
    PrimarySiteError,
    Site,
    SiteChanges,
    SiteId,
    SiteRole,
    SiteStatus,
    SiteStatusError,
)
from domain.tenancy.slug import ReservedSlugError, SiteSlug

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


def a_site(status: SiteStatus = SiteStatus.ACTIVE, slug: str = "acme") -> Site:
    return Site(
        id=SiteId(UUID(int=1)),
        organization_id=OrganizationId(UUID(int=2)),
        name="Acme",
        slug=SiteSlug(slug),
        created_at=NOON,
        updated_at=NOON,
        created_by=None,
        status=status,
    )


@pytest.mark.parametrize(
    ("step", "allowed", "ends"),
    [
        ("activate", {SiteStatus.PROVISIONING}, SiteStatus.ACTIVE),
        ("suspend", {SiteStatus.ACTIVE}, SiteStatus.SUSPENDED),
        ("resume", {SiteStatus.SUSPENDED}, SiteStatus.ACTIVE),
    ],
)
@pytest.mark.parametrize("status", list(SiteStatus))
def test_a_step_is_allowed_from_some_states_only(
    step: str, allowed: set[SiteStatus], ends: SiteStatus, status: SiteStatus
) -> None:
    site = a_site(status)
    if status in allowed:
        assert getattr(site, step)(at=LATER) == replace(site, status=ends, updated_at=LATER, version=2)
    else:
        with pytest.raises(SiteStatusError):
            getattr(site, step)(at=LATER)


def test_what_a_job_closes_says_so_until_it_opens_or_a_person_closes_it() -> None:
    job = UUID(int=7)
    closed = a_site().close(job, at=LATER)
    assert (closed.status, closed.closed_by, closed.version) == (SiteStatus.SUSPENDED, job, 2)
    assert closed.change(SiteChanges(name="New"), at=LATER).closed_by == job
    for step in (closed.suspend, closed.resume, closed.archive, closed.revive):
        assert step(at=LATER).closed_by is None
    assert closed.suspend(at=LATER).status is SiteStatus.SUSPENDED
    assert replace(a_site(), closed_by=job).suspend(at=LATER).closed_by is None
    for status in set(SiteStatus) - {SiteStatus.ACTIVE}:
        with pytest.raises(SiteStatusError):
            a_site(status).close(job, at=LATER)


@pytest.mark.parametrize("status", list(SiteStatus))
def test_only_a_site_with_a_schema_is_renamed(status: SiteStatus) -> None:
    site = a_site(status)
    if status in (SiteStatus.ACTIVE, SiteStatus.SUSPENDED):
        renamed = site.rename(SiteSlug("new-name"), at=LATER)
        assert (renamed.schema, renamed.status) == (SchemaName("new_name"), status)
    else:
        with pytest.raises(SiteStatusError):
            site.rename(SiteSlug("new-name"), at=LATER)


def test_a_deletion_repeats_the_slug() -> None:
    with pytest.raises(DeletionNotConfirmedError):
        a_site().delete(at=LATER, confirm="Acme")

    assert a_site().delete(at=LATER, confirm="acme").status is SiteStatus.DELETED


@pytest.mark.parametrize("status", list(SiteStatus))
def test_a_change_is_refused_for_a_deleted_site_alone(status: SiteStatus) -> None:
    site = a_site(status)
    if status is SiteStatus.DELETED:
        with pytest.raises(SiteStatusError):
            site.change(SiteChanges(name="New"), at=LATER)
    else:
        changed = site.change(SiteChanges(name="New"), at=LATER)
        assert changed == replace(site, name="New", updated_at=LATER, version=2)


def test_a_change_keeps_what_is_not_in_it_and_writes_what_is() -> None:
    whole = SiteChanges(name="N", description="D", role=SiteRole.TESTING, settings={"a": [1]}, is_primary=True)

    changed = a_site().change(whole, at=LATER)

    written: dict[str, Any] = {
        "name": "N",
        "description": "D",
        "role": SiteRole.TESTING,
        "settings": {"a": [1]},
        "is_primary": True,
    }
    assert changed == replace(a_site(), **written, updated_at=LATER, version=2)
    assert changed.change(SiteChanges(), at=LATER) == replace(changed, version=3)


def test_a_primary_site_does_not_stop_being_it_by_a_change() -> None:
    primary = replace(a_site(), is_primary=True)
    with pytest.raises(PrimarySiteError):
        primary.change(SiteChanges(is_primary=False), at=LATER)

    assert primary.change(SiteChanges(is_primary=True), at=LATER).is_primary
    assert not a_site().change(SiteChanges(is_primary=False), at=LATER).is_primary
    assert primary.step_down(at=LATER) == replace(a_site(), updated_at=LATER, version=2)
    assert not primary.delete(at=LATER, confirm="acme").is_primary


def test_settings_are_small_and_sound() -> None:
    assert a_site().change(SiteChanges(settings={"a": "x" * 16_000}), at=LATER)
    for bad in ({"a": "x" * 17_000}, {"a": "\0"}, {"a\ud800": 1}):
        with pytest.raises(InvalidError) as refused:
            a_site().change(SiteChanges(settings=bad), at=LATER)
        assert refused.value.details.keys() == {"settings"}


def test_a_deleted_site_stays_deleted() -> None:
    deleted = a_site(SiteStatus.DELETED)
    with pytest.raises(SiteStatusError):
        deleted.delete(at=LATER, confirm="acme")


@given(st.from_regex(r"[a-z]([a-z0-9-]{0,46}[a-z0-9])?", fullmatch=True))
def test_no_two_slugs_have_one_schema(slug: str) -> None:
    try:
        schema = SiteSlug(slug).schema
    except ReservedSlugError:
        return
    assert schema.name.replace("_", "-") == slug
    assert schema.name not in ("public", "tenant", "scope", "information_schema", "citus")
    assert not schema.name.startswith("pg_")


@given(st.text())
def test_a_slug_is_a_dns_label_or_refused(text: str) -> None:
    try:
        slug = SiteSlug(text)
    except InvalidError:
        return
    assert slug.value.isascii()
    assert slug.value == slug.value.lower()
    assert len(slug.value) <= 48
