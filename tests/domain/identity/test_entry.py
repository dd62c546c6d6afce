from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from domain.identity.entry import EntryRole, Visitor
from domain.tenancy.membership import RIGHTS, MemberRole, OrganizationRight
from tests.domain.identity.people import NOON, a_user

CASES = list(product([True, False], repeat=4))


def a_visitor(*, is_active: bool, is_admin: bool, administers: bool, granted: bool) -> Visitor:
    user = a_user()
    return Visitor(
        id=user.id,
        username=user.username,
        email=user.email,
        first_name="",
        last_name="",
        is_active=is_active,
        is_admin=is_admin,
        administers=administers,
        rights_since=NOON if administers or granted else None,
        granted_at=NOON if granted else None,
    )


@pytest.mark.parametrize(("is_active", "is_admin", "administers", "granted"), CASES)
def test_membership_alone_makes_a_role_and_only_of_the_active(
    *, is_active: bool, is_admin: bool, administers: bool, granted: bool
) -> None:
    visitor = a_visitor(is_active=is_active, is_admin=is_admin, administers=administers, granted=granted)

    assert visitor.may_impersonate is (is_active and is_admin)
    assert (visitor.role is EntryRole.ADMIN) is (is_active and administers)
    assert (visitor.role is EntryRole.USER) is (is_active and granted and not administers)
    assert (visitor.role is None) is (not is_active or not (administers or granted))


def test_a_session_counts_from_when_its_user_got_what_they_have() -> None:
    minute = timedelta(minutes=1)
    member = a_visitor(is_active=True, is_admin=False, administers=False, granted=True)
    owner = a_visitor(is_active=True, is_admin=False, administers=True, granted=False)
    for visitor, role in ((member, EntryRole.USER), (owner, EntryRole.ADMIN)):
        assert (visitor.role_of(NOON), visitor.role_of(NOON + minute)) == (role, role)
        assert replace(visitor, rights_since=NOON + minute).role_of(NOON) is None
        assert replace(visitor, is_active=False).role_of(NOON) is None
    assert replace(member, granted_at=NOON + minute).role_of(NOON) is None
    assert replace(owner, granted_at=NOON + minute).role_of(NOON) is EntryRole.ADMIN


def test_owners_alone_administer_sites() -> None:
    assert [role for role in MemberRole if OrganizationRight.ADMINISTER_SITES in RIGHTS[role]] == [MemberRole.OWNER]
