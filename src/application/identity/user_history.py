from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from application.audit.ports import HistoryReader, TrackedResource
from application.identity.change_user import ChangeUser
from application.identity.ports import UserReader
from domain.identity.audited import USER_HISTORY
from domain.identity.user import UserChanges, UserNotFoundError
from domain.shared.audited import Audited
from domain.shared.caller import Caller, Permission, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class UserHistory(TrackedResource):
    """For whoever may view users, of deleted ones too; for anybody else, their own."""

    caller: Caller
    reader: UserReader
    history: HistoryReader
    change_user: ChangeUser
    kind: ClassVar[Audited] = USER_HISTORY

    async def locate(self, key: Mapping[str, Any]) -> UUID:
        user_id = UserId(key["user_id"])
        sees_all = self.caller.may(Permission.USERS_VIEW)
        if not sees_all and user_id != self.caller.user_id:
            raise self.kind.not_found(user_id)
        try:
            await self.reader.get(user_id)
        except UserNotFoundError:
            if not sees_all or not await self.history.knows(self.kind, user_id):
                raise
        return user_id

    async def change(self, key: Mapping[str, Any], values: Mapping[str, Any], seen: frozenset[int] | None) -> int:
        changes = UserChanges(**values)
        return (await self.change_user(user_id=UserId(key["user_id"]), changes=changes, seen=seen)).version
