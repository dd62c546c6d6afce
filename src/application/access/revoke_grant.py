from dataclasses import dataclass
from uuid import UUID

from application.access.grant_ports import GrantRepository
from application.access.object_access import ObjectAccess
from application.shared.ports import UnitOfWork
from domain.access.grant import GrantId
from domain.shared.grantable import Grantable, ObjectPermission
from domain.shared.versions import require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeGrant:
    """Take a grant away. With `seen`, only at one of these versions.

    It takes `share` on the object, and one takes away at most what one has on it oneself. What the receiver passed
    on to others stays.
    """

    access: ObjectAccess
    grants: GrantRepository
    work: UnitOfWork

    async def __call__(
        self, kind: Grantable, *, object_id: UUID, grant_id: GrantId, seen: frozenset[int] | None
    ) -> None:
        async with self.work:
            held = await self.access.lock(kind, object_id, ObjectPermission.SHARE)
            grant = await self.grants.get(kind, object_id, grant_id)
            grant.require_within(held)
            require_version(grant.version, seen)
            await self.grants.remove(grant)
