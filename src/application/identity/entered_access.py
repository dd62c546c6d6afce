from dataclasses import dataclass, replace

from application.identity.entry_check import EntryCheck
from application.identity.ports import AccessReader
from application.identity.views import Access
from domain.identity.entry import EntryRole
from domain.shared.caller import SITE_PERMISSIONS, SessionId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredAccessReader(AccessReader):
    """Decides anew at each reading what those may who came from the platform: a site stores no role of theirs."""

    source: AccessReader
    check: EntryCheck

    async def find(self, user_id: UserId, session_id: SessionId) -> Access | None:
        access = await self.source.find(user_id, session_id)
        if access is None or access.passage is None:
            return access
        match await self.check(access.passage):
            case EntryRole.ADMIN:
                return replace(access, permissions=SITE_PERMISSIONS)
            case EntryRole.USER:
                return access
            case None:
                return replace(access, is_active=False)
