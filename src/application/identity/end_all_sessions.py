from dataclasses import dataclass

from application.identity.ports import SessionRepository, UserRepository
from application.shared.ports import Clock, UnitOfWork
from domain.identity.session import SessionEnd
from domain.shared.caller import Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAllSessions:
    """Log the caller out everywhere, here included. Every process knows within 5 seconds.

    Not for whoever acts as the user.
    """

    caller: Caller
    users: UserRepository
    sessions: SessionRepository
    work: UnitOfWork
    clock: Clock

    async def __call__(self) -> None:
        self.caller.require_in_person()
        now = self.clock()
        async with self.work:
            user = await self.users.get(self.caller.require_user())
            await self.users.save(user.end_access(at=now))
            await self.sessions.end_all(user.id, SessionEnd.ENDED_BY_USER, at=now)
