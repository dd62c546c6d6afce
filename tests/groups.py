"""Groups of a site's users, put straight into any store."""

from typing import Final

from sqlalchemy import bindparam, delete, insert

from adapters.memory.database import MemoryDatabase
from adapters.postgres.access.rows import GroupMemberRow, GroupRow
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from domain.access.group import GroupId
from domain.shared.caller import UserId
from domain.tenancy.scope import SiteScope
from entrypoints.identifiers import new_id
from tests.world import World

_GROUP: Final = Sql(insert(GroupRow))
_MEMBER: Final = Sql(insert(GroupMemberRow))
_LEAVE: Final = Sql(
    delete(GroupMemberRow).where(
        GroupMemberRow.group_id == bindparam("group"), GroupMemberRow.user_id == bindparam("user")
    )
)


async def a_group(world: World, site: SiteScope, *members: UserId, group: GroupId | None = None) -> GroupId:
    """A new group, empty or with members; it gives no permission by itself."""
    group = group or GroupId(new_id())
    if not world.settings.database_url:
        tables = (await world.container.get(MemoryDatabase)).within(site)
        tables.groups.add(group)
        tables.group_members |= {(group, member) for member in members}
        return group
    now = world.clock()
    made = {"created_at": now, "created_by": None}
    async with world.acting(site) as container:
        session = await container.get(ScopedSession)
        row = {"id": group, "name": str(group), "permissions": [], "updated_at": now, "version": 1}
        await session.execute(_GROUP, **row, **made)
        for member in members:
            await session.execute(_MEMBER, id=new_id(), group_id=group, user_id=member, **made)
    return group


async def leave(world: World, site: SiteScope, group: GroupId, user: UserId) -> None:
    if not world.settings.database_url:
        (await world.container.get(MemoryDatabase)).within(site).group_members.remove((group, user))
        return
    async with world.acting(site) as container:
        await (await container.get(ScopedSession)).execute(_LEAVE, group=group, user=user)
