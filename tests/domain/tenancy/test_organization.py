from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.shared.errors import InvalidError
from domain.tenancy.organization import (
    Organization,
    OrganizationChanges,
    OrganizationDeletionNotConfirmedError,
    OrganizationId,
    OrganizationInactiveError,
    OrganizationInUseError,
    slug_of,
)
from domain.tenancy.plan import LIMITS, Plan, PlanLimitError

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


def an_organization(**fields: Any) -> Organization:
    plain: dict[str, Any] = {
        "id": OrganizationId(UUID(int=1)),
        "name": "Acme",
        "slug": "acme",
        "created_at": NOON,
        "updated_at": NOON,
        "created_by": None,
    }
    return Organization(**plain | fields)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 201),
        ("slug", "Acme"),
        ("slug", "-acme"),
        ("slug", "a" * 64),
        ("description", "x" * 20_001),
        ("email", "acme"),
        ("website", "acme.example"),
        ("website", "javascript://x"),
        ("website", "http://a\0b"),
        ("website", "http://a/\ud800"),
        ("phone", "x" * 51),
        ("address", "x" * 1001),
        ("max_sites", -1),
        ("max_members", 1_000_001),
        ("max_storage_bytes", (1 << 60) + 1),
        ("settings", {"a": "x" * (16 * 1024 - 7)}),
    ],
)
def test_refuses_a_wrong_field(field: str, value: object) -> None:
    with pytest.raises(InvalidError) as refused:
        an_organization(**{field: value})
    assert refused.value.details.keys() == {field}


def test_settings_may_have_sixteen_kibibytes() -> None:
    assert an_organization(settings={"a": "x" * (16 * 1024 - 8)})


def test_names_every_wrong_field_at_once() -> None:
    with pytest.raises(InvalidError) as refused:
        an_organization(name=" ", email="x", website="x", settings={"a": "\0"})
    assert refused.value.details.keys() == {"name", "email", "website", "settings"}


def test_a_change_leaves_the_rest_and_the_slug() -> None:
    before = an_organization(description="Old", website="http://acme.example")

    after = before.change(OrganizationChanges(name="Other", description=""), at=LATER)

    assert after == replace(before, name="Other", description="", updated_at=LATER, version=2)


@pytest.mark.parametrize("plan", list(Plan))
def test_another_plan_brings_its_limits(plan: Plan) -> None:
    agreed = an_organization(max_sites=77)

    after = agreed.change(OrganizationChanges(plan=plan, max_members=3), at=LATER)

    assert after.max_sites == (77 if plan is Plan.FREE else LIMITS[plan].sites)
    assert after.max_members == 3
    assert after.max_storage_bytes == LIMITS[plan].storage_bytes


def test_keeps_when_it_was_verified_first() -> None:
    once = an_organization().change(OrganizationChanges(is_verified=True), at=NOON)
    again = once.change(OrganizationChanges(is_verified=True), at=LATER)
    ended = again.change(OrganizationChanges(is_verified=False), at=LATER)

    assert (once.verified_at, again.verified_at, ended.verified_at) == (NOON, NOON, None)


def test_tells_what_is_the_platforms_to_write() -> None:
    assert OrganizationChanges(name="x", settings={}).need_the_platform == []
    changes = OrganizationChanges(plan=Plan.FREE, max_sites=0, name="x", is_active=False)
    assert changes.need_the_platform == ["plan", "max_sites", "is_active"]


def test_has_a_place_below_its_limit_only() -> None:
    full = an_organization(max_sites=2, max_members=2)
    full.require_place_for_site(1)
    full.require_place_for_member(1)
    for used in (2, 3):
        with pytest.raises(PlanLimitError):
            full.require_place_for_site(used)
        with pytest.raises(PlanLimitError):
            full.require_place_for_member(used)


def test_is_active_or_not() -> None:
    an_organization().require_active()
    with pytest.raises(OrganizationInactiveError):
        an_organization(is_active=False).require_active()


def test_is_deleted_when_confirmed_and_empty() -> None:
    before = an_organization()

    assert before.delete(at=LATER, confirm="acme", sites=0) == replace(
        before, deleted_at=LATER, updated_at=LATER, version=2
    )
    with pytest.raises(OrganizationInUseError):
        before.delete(at=LATER, confirm="acme", sites=1)
    for confirm in ("", "ACME", "acme "):
        with pytest.raises(OrganizationDeletionNotConfirmedError):
            before.delete(at=LATER, confirm=confirm, sites=0)


@pytest.mark.parametrize(
    ("name", "number", "slug"),
    [
        ("Acme", 0, "acme"),
        ("Ácme & Söhne", 0, "acme-sohne"),
        ("Acme", 2, "acme-2"),
        ("日本", 0, "organization"),
        ("--", 1, "organization-1"),
        ("x" * 200, 10, "x" * 60 + "-10"),
    ],
)
def test_a_slug_comes_from_the_name(name: str, number: int, slug: str) -> None:
    assert slug_of(name, number=number) == slug


@given(st.text(), st.integers(0, 10_000))
def test_every_name_has_a_slug(name: str, number: int) -> None:
    assert an_organization(slug=slug_of(name, number=number))
