"""Groups of a site's users, on any store."""

from application.access.ports import GroupMemberRepository, GroupRepository
from application.shared.ports import UnitOfWork
from domain.access.group import Group, GroupId, GroupMember, GroupMemberId
from domain.shared.caller import UserId
from domain.tenancy.scope import SiteScope
from entrypoints.identifiers import new_id
from tests.domain.identity.people import NOON
from tests.world import World


async def a_group(world: World, site: SiteScope, *members: UserId, group: GroupId | None = None) -> GroupId:
    """A new group, empty or with members; it gives no permission by itself."""
    group = group or GroupId(new_id())
    async with world.acting(site) as container, await container.get(UnitOfWork):
        groups, memberships = await container.get(GroupRepository), await container.get(GroupMemberRepository)
        await groups.add(
            Group(id=group, name=str(group), permissions=frozenset(), created_at=NOON, updated_at=NOON, created_by=None)
        )
        for member in members:
            await memberships.add(
                GroupMember(
                    id=GroupMemberId(new_id()), group_id=group, user_id=member, created_at=NOON, created_by=None
                )
            )
    return group


async def leave(world: World, site: SiteScope, group: GroupId, user: UserId) -> None:
    async with world.acting(site) as container, await container.get(UnitOfWork):
        await (await container.get(GroupMemberRepository)).remove(group, user)
