from itertools import product

import pytest

from domain.identity.entry import EntryRole, Visitor
from domain.tenancy.membership import RIGHTS, MemberRole, OrganizationRight
from tests.domain.identity.people import a_user

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
        granted=granted,
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


def test_owners_alone_administer_sites() -> None:
    assert [role for role in MemberRole if OrganizationRight.ADMINISTER_SITES in RIGHTS[role]] == [MemberRole.OWNER]
