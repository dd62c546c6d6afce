from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access.group import GroupChanges, name_key
from domain.shared.caller import GROUP_PERMISSIONS, PLATFORM_PERMISSIONS, SITE_PERMISSIONS, Permission
from domain.shared.errors import InvalidError
from domain.tenancy.schema import SchemaName
from domain.tenancy.scope import PlatformScope, SiteScope
from domain.tenancy.site import SiteId
from tests.domain.access.groups import a_group
from tests.domain.identity.people import NOON

SITE = SiteScope(SiteId(a_group().id), "acme", SchemaName("acme"))
NAMES = st.frozensets(st.sampled_from([*Permission, "projects.fly", ""]))


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "a\nb", "a\0b"])
def test_refuses_a_bad_name(name: str) -> None:
    with pytest.raises(InvalidError) as refused:
        a_group(name=name)

    assert list(refused.value.details) == ["name"]


def test_names_every_permission_that_no_group_can_give_and_the_bad_name_at_once() -> None:
    wrong = frozenset({"projects.view", "projects.fly", "sites.manage", "admins.manage", "\u0430\0"})
    with pytest.raises(InvalidError) as refused:
        a_group(name="", permissions=wrong)

    assert set(refused.value.details) == {"name", "permissions"}
    told = " ".join(refused.value.details["permissions"])
    assert [name in told for name in ("projects.fly", "sites.manage", "admins.manage")] == [True] * 3
    assert "projects.view" not in told
    assert told.isascii()


def test_changes_what_is_given_and_leaves_the_rest() -> None:
    later = NOON + timedelta(hours=1)

    renamed = a_group().change(GroupChanges(name="Readers"), at=later)
    given_ = a_group().change(GroupChanges(permissions=frozenset({"projects.view"})), at=later)

    assert renamed == replace(a_group(), name="Readers", version=2, updated_at=later)
    assert given_ == replace(a_group(), permissions=frozenset({"projects.view"}), version=2, updated_at=later)


def test_case_does_not_tell_two_names_apart() -> None:
    assert name_key("EDITORS") == name_key("editors")
    assert name_key("\u212aim") != name_key("kim")


@given(NAMES)
def test_groups_give_what_groups_can_give_and_nothing_else(names: frozenset[str]) -> None:
    assert SITE.permissions(is_admin=False, given=names) == GROUP_PERMISSIONS & names
    assert SITE.permissions(is_admin=True, given=names) == SITE_PERMISSIONS
    assert all(isinstance(one, Permission) for one in SITE.permissions(is_admin=False, given=names))
    assert PlatformScope().permissions(is_admin=False, given=names) == frozenset()
    assert PlatformScope().permissions(is_admin=True, given=names) == PLATFORM_PERMISSIONS
