from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.shared.errors import InvalidError
from domain.tenancy.domain import (
    MOST_DOMAINS,
    BaseDomains,
    Domain,
    DomainExistsError,
    DomainId,
    DomainNotFoundError,
    DomainNotVerifiedError,
    DomainStatus,
    SiteDomains,
    TooManyDomainsError,
    checked_domain,
)
from domain.tenancy.site import SiteId

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
BASE = BaseDomains(("localhost", "taruvi.example"))
PROOF = "taruvi-verification=secret"


def a_domain(domain: str = "www.acme.example", number: int = 1) -> Domain:
    return Domain(
        id=DomainId(UUID(int=number)),
        site_id=SiteId(UUID(int=9)),
        domain=domain,
        proof=PROOF,
        created_at=NOON,
        updated_at=NOON,
        created_by=None,
    )


VERIFIED = a_domain().checked({PROOF}, at=NOON)


@pytest.mark.parametrize(
    "domain",
    ["acme.example", "a.b", "xn--bcher-kva.example", "1.example", "taruvi.example.org", "nottaruvi.example"],
)
def test_a_site_may_have_a_domain_of_its_own(domain: str) -> None:
    assert checked_domain(domain, BASE) == domain


@pytest.mark.parametrize(
    ("domain", "reason"),
    [
        ("", "must be a host name"),
        ("acme", "must have a dot"),
        ("localhost", "must have a dot"),
        ("*.acme.example", "must be a host name"),
        ("_x.acme.example", "must be a host name"),
        ("-a.example", "must be a host name"),
        ("a..example", "must be a host name"),
        ("acme.example.", "must be a host name"),
        ("acme.example:443", "must be a host name"),
        ("http://acme.example", "must be a host name"),
        ("user@acme.example", "must be a host name"),
        ("ACME.example", "must be a host name"),
        ("bücher.example", "must be a host name"),
        ("acme.example\n", "must be a host name"),
        ("192.0.2.1", "must be a host name"),
        ("127.1", "must be a host name"),
        ("1.2.3.0x7f", "must be a host name"),
        ("acme.0x", "must be a host name"),
        ("[2001:db8::1]", "must be a host name"),
        ("2001:db8::1", "must be a host name"),
        ("taruvi.example", "belongs to the platform"),
        ("app.taruvi.example", "belongs to the platform"),
        ("acme.taruvi.example", "belongs to the platform"),
        ("a.b.taruvi.example", "belongs to the platform"),
        ("acme.localhost", "belongs to the platform"),
        (".".join(["a" * 60] * 4), "may have at most 235"),
    ],
)
def test_refuses_what_is_no_domain_or_the_platforms(domain: str, reason: str) -> None:
    with pytest.raises(InvalidError) as refused:
        checked_domain(domain, BASE)
    assert refused.value.details.keys() == {"domain"}
    assert reason in refused.value.details["domain"][0]


def test_the_longest_domain_has_a_record_that_can_be() -> None:
    domain = ".".join(["a" * 58] * 3 + ["b" * 58])
    assert len(checked_domain(domain, BASE)) == 235
    assert len(a_domain(domain).record) == 253


def test_its_record_is_below_the_domain() -> None:
    assert a_domain().record == "_taruvi-challenge.www.acme.example"


def test_is_verified_by_its_proof_among_others() -> None:
    checked = a_domain().checked({"v=spf1 -all", PROOF}, at=LATER)
    assert checked == replace(
        a_domain(),
        status=DomainStatus.VERIFIED,
        verified_at=LATER,
        checked_at=LATER,
        updated_at=LATER,
        version=2,
    )


@pytest.mark.parametrize("found", [set(), {""}, {PROOF.upper()}, {PROOF + " "}, {PROOF[:-1]}, {"taruvi-verification="}])
def test_fails_without_its_proof(found: set[str]) -> None:
    checked = a_domain().checked(found, at=LATER)
    assert checked == replace(a_domain(), status=DomainStatus.FAILED, checked_at=LATER, updated_at=LATER, version=2)


def test_no_proof_proves_nothing() -> None:
    assert not replace(a_domain(), proof="").is_proved_by({""})


def test_stays_verified_since_when_it_was() -> None:
    again = VERIFIED.checked({PROOF}, at=LATER)
    assert (again.verified_at, again.checked_at, again.version) == (NOON, LATER, VERIFIED.version + 1)


def test_a_primary_one_that_fails_is_primary_no_more() -> None:
    failed = VERIFIED.become_primary(at=NOON).checked(set(), at=LATER)
    assert (failed.status, failed.is_primary, failed.verified_at) == (DomainStatus.FAILED, False, None)


def test_a_primary_one_that_is_verified_again_stays_it() -> None:
    assert VERIFIED.become_primary(at=NOON).checked({PROOF}, at=LATER).is_primary


def test_a_failed_one_can_be_verified_later() -> None:
    assert a_domain().checked(set(), at=NOON).checked({PROOF}, at=LATER).is_verified


def test_a_look_that_began_before_the_last_one_says_nothing() -> None:
    checked = VERIFIED.checked({PROOF}, at=LATER)
    assert checked.checked(set(), at=NOON) == checked


@pytest.mark.parametrize("found", [None, set()])
def test_only_a_verified_one_becomes_primary(found: set[str] | None) -> None:
    domain = a_domain() if found is None else a_domain().checked(found, at=NOON)
    with pytest.raises(DomainNotVerifiedError):
        domain.become_primary(at=LATER)


def test_steps_down() -> None:
    primary = VERIFIED.become_primary(at=LATER)
    assert primary.step_down(at=LATER) == replace(VERIFIED, updated_at=LATER, version=VERIFIED.version + 2)


def test_a_site_has_a_domain_once() -> None:
    domains = SiteDomains([a_domain()])
    assert domains.get("www.acme.example") == a_domain()
    with pytest.raises(DomainExistsError):
        domains.require_place_for("www.acme.example")
    with pytest.raises(DomainNotFoundError):
        domains.get("other.example")


def test_a_site_has_twenty_domains_at_most() -> None:
    domains = [a_domain(f"d{number}.example", number) for number in range(MOST_DOMAINS)]
    SiteDomains(domains[1:]).require_place_for("one-more.example")
    with pytest.raises(TooManyDomainsError):
        SiteDomains(domains).require_place_for("one-more.example")


def test_knows_its_primary_one() -> None:
    primary = replace(VERIFIED, is_primary=True)
    assert SiteDomains([a_domain("other.example", 2), primary]).primary == primary
    assert SiteDomains([a_domain()]).primary is None
