"""The use cases of groups, on memory."""

from typing import Any
from uuid import UUID

import pytest

from application.access.create_group import CreateGroup
from application.access.delete_group import DeleteGroup
from application.access.read_groups import ListGroupMembers, ListGroups, ShowGroup
from application.access.remove_group_member import RemoveGroupMember
from application.access.views import GroupMemberQuery, GroupQuery, GroupView
from domain.access.group import (
    GroupId,
    GroupNameTakenError,
    GroupNotFoundError,
)
from domain.shared.caller import GROUP_PERMISSIONS, Caller, NotPermittedError, Permission
from domain.shared.errors import InvalidError, StaleError
from tests.application.access.site_groups import ADA, ALL, BOB, CHANGE, VIEW, VIEWER, Groups
from tests.world import PLATFORM


async def test_creates_a_group(groups: Groups) -> None:
    group = await groups.create(VIEW, CHANGE)

    assert group.created_by == ADA.id
    assert await groups.show(group) == GroupView.of(group, [])


async def test_nobody_creates_a_group_that_gives_what_they_do_not_have(groups: Groups) -> None:
    await groups.create(VIEW, by=VIEWER)
    with pytest.raises(NotPermittedError, match=r"projects\.change"):
        await groups.create(VIEW, CHANGE, name="More", by=VIEWER)

    assert (await groups.run(ListGroups, VIEWER, GroupQuery())).count == 1


async def test_nobody_changes_permissions_that_they_do_not_have(groups: Groups) -> None:
    strong, weak = await groups.create(CHANGE, name="Strong"), await groups.create(VIEW, name="Weak")
    for group, wanted in ((weak, {VIEW, CHANGE}), (strong, {VIEW, CHANGE}), (strong, {VIEW}), (strong, set())):
        with pytest.raises(NotPermittedError):
            await groups.change(group, VIEWER, permissions=frozenset(wanted))

    assert (await groups.change(strong, VIEWER, name="Renamed", permissions=frozenset({CHANGE}))).name == "Renamed"
    assert (await groups.change(weak, VIEWER, permissions=frozenset())).permissions == []
    assert (await groups.change(strong, ALL, permissions=frozenset({VIEW}))).permissions == [VIEW]


@pytest.mark.parametrize("permissions", [frozenset(), GROUP_PERMISSIONS - {Permission.GROUPS_MANAGE}])
async def test_to_change_groups_takes_the_permission(groups: Groups, permissions: frozenset[Permission]) -> None:
    by = Caller(label="bob", user_id=BOB.id, permissions=permissions)
    group = await groups.create()
    await groups.add(group, ADA)
    for refused in (
        groups.create(name="x", by=by),
        groups.change(group, by, name="x"),
        groups.add(group, BOB, by),
        groups.run(RemoveGroupMember, by, group_id=group.id, user_id=ADA.id),
        groups.run(DeleteGroup, by, group_id=group.id, seen=None),
        groups.run(DeleteGroup, by, group_id=GroupId(UUID(int=9)), seen=None),
    ):
        with pytest.raises(NotPermittedError):
            await refused

    assert (await groups.show(group)).members == [ADA.id]


@pytest.mark.parametrize("permission", [Permission.GROUPS_MANAGE, Permission.USERS_VIEW])
async def test_groups_are_seen_by_those_who_manage_them_or_see_users(groups: Groups, permission: Permission) -> None:
    group = await groups.create()
    able = Caller(label="x", permissions=frozenset({permission}))
    unable = Caller(label="x", permissions=GROUP_PERMISSIONS - {Permission.GROUPS_MANAGE, Permission.USERS_VIEW})

    asked: list[tuple[type[Any], tuple[Any, ...], dict[str, Any]]] = [
        (ListGroups, (GroupQuery(),), {}),
        (ShowGroup, (), {"group_id": group.id}),
        (ListGroupMembers, (), {"group_id": group.id, "query": GroupMemberQuery()}),
    ]
    for kind, args, values in asked:
        await groups.run(kind, able, *args, **values)
        with pytest.raises(NotPermittedError):
            await groups.run(kind, unable, *args, **values)


async def test_refuses_a_taken_name_and_unknown_permissions(groups: Groups) -> None:
    await groups.create()
    other = await groups.create(name="Readers")
    with pytest.raises(GroupNameTakenError):
        await groups.create(name="EDITORS")
    with pytest.raises(GroupNameTakenError):
        await groups.change(other, ALL, name="editors")
    with pytest.raises(InvalidError, match=r"projects\.fly"):
        await groups.create("projects.fly", name="Pilots")
    with pytest.raises(InvalidError, match=r"admins\.manage"):
        await groups.change(other, ALL, permissions=frozenset({Permission.ADMINS_MANAGE}))


async def test_refuses_what_was_decided_on_an_old_version(groups: Groups) -> None:
    group = await groups.create()
    await groups.change(group, ALL, name="Readers")
    with pytest.raises(StaleError):
        await groups.change(group, ALL, seen=[1], name="x")
    with pytest.raises(StaleError):
        await groups.run(DeleteGroup, ALL, group_id=group.id, seen=frozenset({1}))
    await groups.run(DeleteGroup, ALL, group_id=group.id, seen=frozenset({2}))
    with pytest.raises(GroupNotFoundError):
        await groups.show(group)


async def test_the_platform_has_no_groups(groups: Groups) -> None:
    async with groups.world.acting(PLATFORM, ALL) as container:
        create = await container.get(CreateGroup)
        with pytest.raises(LookupError):
            await create(name="Editors", permissions=[])
