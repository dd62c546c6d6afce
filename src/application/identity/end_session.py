from dataclasses import dataclass

from application.identity.ports import SessionRepository
from application.shared.ports import Clock, UnitOfWork
from domain.identity.session import SessionEnd, SessionNotFoundError
from domain.shared.caller import Caller, SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSession:
    """End one of the caller's own sessions; anybody else's does not exist for them. Safe to repeat.

    Whoever acts as the user ends that session and no other.
    """

    caller: Caller
    sessions: SessionRepository
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, session_id: SessionId) -> None:
        if session_id != self.caller.session_id:
            self.caller.require_in_person()
        async with self.work:
            session = await self.sessions.find(session_id)
            if session is None or session.user_id != self.caller.require_user():
                raise SessionNotFoundError("you have no such session")
            await self.sessions.save(session.end(SessionEnd.ENDED_BY_USER, at=self.clock()))
