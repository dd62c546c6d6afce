from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from application.access.grant_ports import GrantRepository
from application.access.object_access import ObjectAccess
from application.shared.ports import Clock, NewId, UnitOfWork
from domain.access.grant import Grant, GrantId
from domain.access.group import GroupId
from domain.shared.caller import Caller, UserId
from domain.shared.grantable import Grantable, ObjectPermission, with_view


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareObject:
    """Let a user or a group do something with an object. Safe to repeat.

    It takes `share` on the object, and one passes on at most what one has on it oneself. Whoever receives it has one
    grant on an object: what was granted before is replaced, which one may where one could have granted that as well.
    """

    caller: Caller
    access: ObjectAccess
    grants: GrantRepository
    work: UnitOfWork
    clock: Clock
    new_id: NewId

    async def __call__(
        self,
        kind: Grantable,
        *,
        object_id: UUID,
        user: UserId | None,
        group: GroupId | None,
        permissions: AbstractSet[ObjectPermission],
    ) -> Grant:
        now = self.clock()
        async with self.work:
            held = await self.access.lock(kind, object_id, ObjectPermission.SHARE)
            wanted = self._grant(kind, object_id, user, group, with_view(permissions), at=now)
            wanted.require_within(held)
            if (old := await self.grants.find(kind, object_id, user=user, group=group)) is None:
                await self.grants.add(wanted)
                return wanted
            old.require_within(held)
            replaced = old.replace(wanted.permissions, by=self.caller.user_id, at=now)
            await self.grants.save(replaced)
            return replaced

    def _grant(
        self,
        kind: Grantable,
        object_id: UUID,
        user: UserId | None,
        group: GroupId | None,
        permissions: frozenset[ObjectPermission],
        *,
        at: datetime,
    ) -> Grant:
        return Grant(
            id=GrantId(self.new_id()),
            resource=kind.resource,
            object_id=object_id,
            user=user,
            group=group,
            permissions=permissions,
            granted_by=self.caller.user_id,
            created_at=at,
            updated_at=at,
            created_by=self.caller.user_id,
        )
