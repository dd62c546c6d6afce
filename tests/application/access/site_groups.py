"""The groups of a site in memory, with the users Ada and Bob, and the use cases about them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from application.access.add_group_member import AddGroupMember
from application.access.change_group import ChangeGroup
from application.access.create_group import CreateGroup
from application.access.read_groups import ShowGroup
from application.access.views import GroupView
from domain.access.group import (
    Group,
    GroupChanges,
)
from domain.identity.user import User
from domain.shared.caller import GROUP_PERMISSIONS, Caller, Permission
from domain.tenancy.scope import SiteScope
from tests.domain.identity.people import a_user
from tests.world import World

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
