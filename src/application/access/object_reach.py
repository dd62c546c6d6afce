from dataclasses import dataclass

from application.access.grant_ports import GrantableKinds, GrantableObjects
from domain.access.group import GroupId
from domain.shared.caller import Caller, NotPermittedError, UserId
from domain.shared.grantable import EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectReach:
    """How far the caller may reach with single objects, beside what somebody else may.

    Whoever takes another's place, or a place in a group, may do all that this one may: it must not be more.
    """

    caller: Caller
    objects: GrantableObjects
    kinds: GrantableKinds

    async def require_all_of_user(self, user: UserId) -> None:
        """Raise `NotPermittedError` unless the caller may do with every object what the user may."""
        await self._require_all(user=user)

    async def require_all_of_group(self, group: GroupId) -> None:
        """Raise `NotPermittedError` unless the caller may do with every object what was granted to the group.

        Inside the transaction that has locked the group: nothing is granted to it meanwhile.
        """
        await self._require_all(group=group)

    async def _require_all(self, *, user: UserId | None = None, group: GroupId | None = None) -> None:
        holder = self.caller.user_id
        for kind in self.kinds:
            everywhere = kind.everywhere(self.caller)
            if everywhere == EVERYTHING:
                continue
            if await self.objects.exceed(kind, user=user, group=group, holder=holder, everywhere=everywhere):
                raise NotPermittedError(f"they may do with a {kind.noun} what you may not")
