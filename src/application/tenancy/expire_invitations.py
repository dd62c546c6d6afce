from dataclasses import dataclass
from typing import Final

from application.shared.jobs import Progress
from application.shared.ports import Clock, UnitOfWork
from application.tenancy.invitation_ports import InvitationRepository
from domain.tenancy.invitation import InvitationStatus

_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiredInvitations:
    expired: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireInvitations:
    """Write down of every pending invitation whose time is over that it is expired. Safe to repeat."""

    invitations: InvitationRepository
    progress: Progress
    work: UnitOfWork
    clock: Clock

    async def __call__(self) -> ExpiredInvitations:
        done = 0
        while expired := await self._some():
            done += expired
            self.progress(done)
        return ExpiredInvitations(expired=done)

    async def _some(self) -> int:
        now = self.clock()
        async with self.work:
            lapsed = await self.invitations.lapsed(at=now, limit=_AT_ONCE)
            for one in lapsed:
                if one.status_at(now) is InvitationStatus.EXPIRED:
                    await self.invitations.save(one.expire(at=now))
        return len(lapsed)
