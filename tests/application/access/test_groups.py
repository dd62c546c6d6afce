"""The use cases of groups, on memory."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from application.access.add_group_member import AddGroupMember
from application.access.change_group import ChangeGroup
from application.access.create_group import CreateGroup
from application.access.delete_group import DeleteGroup
from application.access.read_groups import ListGroupMembers, ListGroups, ShowGroup
from application.access.remove_group_member import RemoveGroupMember
from application.access.views import GroupMemberQuery, GroupQuery, GroupView
from application.identity.ports import UserRepository
from domain.access.group import (
    Group,
    GroupChanges,
    GroupId,
    GroupMemberExistsError,
    GroupMemberNotFoundError,
    GroupNameTakenError,
    GroupNotFoundError,
    UnknownMemberError,
)
from domain.identity.user import User
from domain.shared.caller import GROUP_PERMISSIONS, Caller, NotPermittedError, Permission, UserId
from domain.shared.errors import InvalidError, StaleError
from domain.tenancy.scope import SiteScope
from tests.domain.identity.people import a_user
from tests.world import PLATFORM, World, memory_world

ADA, BOB = a_user(1), a_user(2)
VIEW, CHANGE = Permission.PROJECTS_VIEW, Permission.PROJECTS_CHANGE
ALL = Caller(label="ada", user_id=ADA.id, permissions=GROUP_PERMISSIONS)
VIEWER = Caller(label="bob", user_id=BOB.id, permissions=frozenset({Permission.GROUPS_MANAGE, VIEW}))
"""May manage groups, and has but one permission to give."""


@dataclass(frozen=True)
class Groups:
    world: World
    site: SiteScope

    async def run(self, kind: type[Any], by: Caller, *args: Any, **values: Any) -> Any:
        async with self.world.acting(self.site, by) as container:
            return await (await container.get(kind))(*args, **values)

    async def create(self, *permissions: str, name: str = "Editors", by: Caller = ALL) -> Group:
        group: Group = await self.run(CreateGroup, by, name=name, permissions=permissions)
        return group

    async def change(self, group: Group, by: Caller, seen: Collection[int] | None = None, **values: Any) -> GroupView:
        expected = None if seen is None else frozenset(seen)
        view: GroupView = await self.run(
            ChangeGroup, by, group_id=group.id, changes=GroupChanges(**values), seen=expected
        )
        return view

    async def add(self, group: Group, user: User, by: Caller = ALL) -> None:
        await self.run(AddGroupMember, by, group_id=group.id, user_id=user.id)

    async def show(self, group: Group) -> GroupView:
        view: GroupView = await self.run(ShowGroup, ALL, group_id=group.id)
        return view


@pytest.fixture
async def groups() -> AsyncIterator[Groups]:
    async with memory_world() as world:
        site = await world.site()
        async with world.acting(site) as container:
            for user in (ADA, BOB):
                await (await container.get(UserRepository)).add(user)
        yield Groups(world, site)


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


@pytest.mark.parametrize("user", [ADA, BOB], ids=["another", "themself"])
async def test_nobody_adds_a_member_to_a_group_that_gives_more_than_they_have(groups: Groups, user: User) -> None:
    strong, weak = await groups.create(CHANGE, name="Strong"), await groups.create(VIEW, name="Weak")
    with pytest.raises(NotPermittedError):
        await groups.add(strong, user, VIEWER)
    await groups.add(weak, user, VIEWER)

    assert (await groups.show(strong)).members == []
    assert (await groups.show(weak)).members == [user.id]


async def test_a_member_is_added_and_removed_once(groups: Groups) -> None:
    group = await groups.create()
    await groups.add(group, BOB)
    with pytest.raises(GroupMemberExistsError):
        await groups.add(group, BOB)
    await groups.run(RemoveGroupMember, ALL, group_id=group.id, user_id=BOB.id)
    with pytest.raises(GroupMemberNotFoundError):
        await groups.run(RemoveGroupMember, ALL, group_id=group.id, user_id=BOB.id)
    with pytest.raises(UnknownMemberError):
        await groups.add(group, a_user(9))


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


async def test_the_operator_gives_what_there_is(groups: Groups) -> None:
    operator = Caller(label="operator", permissions=frozenset(Permission))
    group = await groups.create(*GROUP_PERMISSIONS, by=operator)
    await groups.run(AddGroupMember, operator, group_id=group.id, user_id=UserId(BOB.id))

    assert (await groups.show(group)).members == [BOB.id]
