"""The ports of groups on any store, each call a request of its own."""

from typing import Any

from application.access.ports import GroupMemberReader, GroupMemberRepository, GroupReader, GroupRepository
from application.access.views import (
    GroupMemberQuery,
    GroupMemberView,
    GroupQuery,
    GroupView,
)
from application.shared.page import Page
from application.shared.ports import UnitOfWork
from domain.access.group import (
    Group,
    GroupMember,
)
from domain.tenancy.scope import Scope
from tests.world import World


async def add(world: World, scope: Scope, *entities: Group | GroupMember) -> None:
    async with world.acting(scope) as container:
        groups, members = await container.get(GroupRepository), await container.get(GroupMemberRepository)
        async with await container.get(UnitOfWork):
            for entity in entities:
                await (groups.add(entity) if isinstance(entity, Group) else members.add(entity))


async def page(world: World, scope: Scope, **query: Any) -> Page[GroupView]:
    async with world.acting(scope) as container:
        reader: GroupReader = await container.get(GroupReader)
        return await reader.page(GroupQuery(**query))


async def names(world: World, scope: Scope, **query: Any) -> list[str]:
    return [group.name for group in (await page(world, scope, **query)).results]


async def members(world: World, scope: Scope, group: Group, **query: Any) -> Page[GroupMemberView]:
    async with world.acting(scope) as container:
        reader: GroupMemberReader = await container.get(GroupMemberReader)
        return await reader.page(group.id, GroupMemberQuery(**query))
