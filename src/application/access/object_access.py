from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from application.access.grant_ports import GrantableObjects
from application.access.grant_views import SEES_ALL, Viewer
from domain.shared.caller import Caller, NotPermittedError, UserId
from domain.shared.grantable import EVERYTHING, Grantable, ObjectPermission


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectAccess:
    """What the caller may do with single objects: by a permission for all of them, or as `GrantableObjects.held` says.

    What the caller may not view is not there for them, whatever else they may.
    """

    caller: Caller
    objects: GrantableObjects

    def viewer(self, kind: Grantable) -> Viewer:
        """For whom to read objects of this kind."""
        return SEES_ALL if ObjectPermission.VIEW in kind.everywhere(self.caller) else self.caller.require_user()

    def places(self, kind: Grantable) -> frozenset[str]:
        """In which fields objects of this kind name what the caller may view every one of, and so what lies in it."""
        around = {within.field: within.kind.everywhere(self.caller) for within in kind.within}
        return frozenset(field for field, everywhere in around.items() if ObjectPermission.VIEW in everywhere)

    async def require(self, kind: Grantable, object_id: UUID, owner: UserId, wanted: ObjectPermission) -> None:
        """Raise `kind.absent` if the caller may not view the object, `NotPermittedError` if not do this.

        Inside the transaction that does it, with the object locked: no grant on it is withdrawn meanwhile.
        """
        kind.require(await self._held(kind, object_id, owner), wanted, object_id)

    def require_hand_over(self, kind: Grantable, owner: UserId) -> None:
        """To give an object to another owner is for its owner, and for those who may do all that owners may.

        Raise `NotPermittedError`: whoever takes an object over could do with it what they may not now.
        """
        if self.caller.user_id != owner and kind.everywhere(self.caller) != EVERYTHING:
            raise NotPermittedError(f"only its owner, and who may do everything with every {kind.noun}, gives it away")

    async def lock(self, kind: Grantable, object_id: UUID, wanted: ObjectPermission) -> frozenset[ObjectPermission]:
        """Lock the object; all that the caller may do with it. Raise as `require`."""
        held = (await self.lock_each(kind, [object_id])).get(object_id, frozenset())
        kind.require(held, wanted, object_id)
        return held

    async def lock_each(self, kind: Grantable, object_ids: Collection[UUID]) -> dict[UUID, frozenset[ObjectPermission]]:
        """Lock the objects that are there; all that the caller may do with each."""
        return await self._held_each(kind, await self.objects.lock(kind, object_ids))

    async def hold(self, kind: Grantable, object_id: UUID, wanted: ObjectPermission) -> frozenset[ObjectPermission]:
        """As `lock`, but others may hold the object too: for who puts something into it."""
        held = await self._held(kind, object_id, await self.objects.hold(kind, object_id))
        kind.require(held, wanted, object_id)
        return held

    async def look(self, kind: Grantable, object_id: UUID) -> frozenset[ObjectPermission]:
        """All that the caller may do with the object just now. Raise `kind.absent` if not even view it."""
        held = await self._held(kind, object_id, await self.objects.owner(kind, object_id))
        kind.require(held, ObjectPermission.VIEW, object_id)
        return held

    async def _held(self, kind: Grantable, object_id: UUID, owner: UserId) -> frozenset[ObjectPermission]:
        return (await self._held_each(kind, {object_id: owner}))[object_id]

    async def _held_each(
        self, kind: Grantable, owners: Mapping[UUID, UserId]
    ) -> dict[UUID, frozenset[ObjectPermission]]:
        """Of objects with their owners. However many there are, it asks as much as for one."""
        everywhere, user_id = kind.everywhere(self.caller), self.caller.user_id
        held = dict.fromkeys(owners, everywhere) | {one: EVERYTHING for one in owners if owners[one] == user_id}
        others = [one for one, owner in owners.items() if owner != user_id]
        if user_id is None or everywhere == EVERYTHING or not others:
            return held
        given = await self.objects.held(kind, others, user_id)
        around = await self.objects.around(kind, others) if kind.loose else {}
        for one in others:
            by_place = [outer.everywhere(self.caller) for outer in around.get(one, ())]
            held[one] = everywhere.union(given.get(one, frozenset()), *by_place)
        return held
