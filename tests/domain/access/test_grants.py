from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access.grant import Grant, GrantId
from domain.access.group import GroupId
from domain.shared.caller import Caller, NotPermittedError, Permission, UserId
from domain.shared.errors import InvalidError
from domain.shared.grantable import EVERYTHING, ObjectPermission, Within, with_view
from domain.shared.kinds import PROJECTS, TASKS, ProjectNotFoundError
from tests.domain.identity.people import NOON

VIEW, CHANGE, DELETE, SHARE = ObjectPermission
ADA, BOB, CREW = UserId(UUID(int=1)), UserId(UUID(int=2)), GroupId(UUID(int=3))
MOON = UUID(int=9)
SETS = st.frozensets(st.sampled_from(ObjectPermission))


def a_grant(**changes: Any) -> Grant:
    grant = Grant(
        id=GrantId(UUID(int=4)),
        resource="projects",
        object_id=MOON,
        user=ADA,
        group=None,
        permissions=frozenset({VIEW}),
        granted_by=BOB,
        created_at=NOON,
        updated_at=NOON,
        created_by=BOB,
    )
    return replace(grant, **changes)


@pytest.mark.parametrize(("user", "group"), [(None, None), (ADA, CREW)])
def test_is_to_one_user_or_to_one_group(user: UserId | None, group: GroupId | None) -> None:
    with pytest.raises(InvalidError) as refused:
        a_grant(user=user, group=group, permissions=frozenset())

    assert refused.value.details.keys() == {"user", "group", "permissions"}


def test_nobody_changes_blindly() -> None:
    with pytest.raises(InvalidError):
        a_grant(permissions=frozenset({CHANGE}))


@given(SETS)
def test_any_permission_brings_view_and_no_other(permissions: frozenset[ObjectPermission]) -> None:
    assert with_view(permissions) == (permissions | {VIEW} if permissions else frozenset())


@given(SETS.filter(bool), SETS)
def test_one_gives_and_takes_what_one_has(
    given_: frozenset[ObjectPermission], held: frozenset[ObjectPermission]
) -> None:
    grant = a_grant(permissions=with_view(given_))
    if grant.permissions <= held:
        grant.require_within(held)
    else:
        with pytest.raises(NotPermittedError):
            grant.require_within(held)


def test_a_replaced_grant_tells_who_decided_last_and_who_first() -> None:
    later = NOON + timedelta(hours=1)

    replaced = a_grant().replace(frozenset({VIEW, SHARE}), by=ADA, at=later)

    assert replaced == a_grant(permissions=frozenset({VIEW, SHARE}), granted_by=ADA, updated_at=later, version=2)
    assert replaced.created_by == BOB


@given(st.frozensets(st.sampled_from(Permission)))
def test_a_permission_of_the_site_is_one_on_each_object(permissions: frozenset[Permission]) -> None:
    everywhere = PROJECTS.everywhere(Caller(label="ada", permissions=permissions))

    assert everywhere == {one for one in ObjectPermission if f"projects.{one}" in permissions}


@given(st.frozensets(st.sampled_from(Permission)))
def test_a_permission_on_every_project_is_one_on_every_task(permissions: frozenset[Permission]) -> None:
    everywhere = TASKS.everywhere(Caller(label="ada", permissions=permissions))

    assert everywhere == {one for one in ObjectPermission if {f"projects.{one}", f"tasks.{one}"} & permissions}


def test_of_what_lies_in_one_of_several_kinds_only_what_all_of_them_give_is_given() -> None:
    crews = replace(PROJECTS, resource="crews", view=Permission.GROUPS_MANAGE)
    around = (Within(field="project", kind=PROJECTS), Within(field="crew", kind=crews))
    both = replace(TASKS, resource="files", view=Permission.USERS_VIEW, within=around)
    for permissions, everywhere in (
        ({Permission.PROJECTS_VIEW}, set()),
        ({Permission.PROJECTS_VIEW, Permission.GROUPS_MANAGE}, {VIEW}),
        ({Permission.USERS_VIEW}, {VIEW}),
    ):
        assert both.everywhere(Caller(label="ada", permissions=frozenset(permissions))) == everywhere


def test_who_may_not_view_learns_nothing() -> None:
    for held in (frozenset[ObjectPermission](), frozenset({CHANGE, DELETE, SHARE})):
        with pytest.raises(ProjectNotFoundError, match=f"there is no project {MOON}"):
            PROJECTS.require(held, CHANGE, MOON)


def test_who_may_view_and_no_more_is_told_so() -> None:
    PROJECTS.require(frozenset({VIEW, DELETE}), DELETE, MOON)
    PROJECTS.require(EVERYTHING, SHARE, MOON)
    with pytest.raises(NotPermittedError, match="change this project"):
        PROJECTS.require(frozenset({VIEW, DELETE}), CHANGE, MOON)
