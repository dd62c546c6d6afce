from dataclasses import dataclass

from application.identity.ports import SessionReader
from application.identity.views import SessionView
from application.shared.page import Page, PageRequest
from application.shared.ports import Clock
from domain.shared.caller import Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSessions:
    """The caller's own live sessions, the one used last first."""

    caller: Caller
    reader: SessionReader
    clock: Clock

    async def __call__(self, page: PageRequest) -> Page[SessionView]:
        return await self.reader.page(self.caller.require_user(), self.caller.session_id, page, at=self.clock())
