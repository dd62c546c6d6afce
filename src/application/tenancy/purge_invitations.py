from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from application.shared.jobs import Progress
from application.shared.ports import Clock, UnitOfWork
from application.tenancy.invitation_ports import InvitationRepository

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRetention:
    """For how long one that nobody took up is kept: until then it can be sent once more."""

    expired: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgedInvitations:
    invitations: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeInvitations:
    """Delete invitations that expired long ago. Safe to repeat. Their histories stay, with the addresses in them."""

    invitations: InvitationRepository
    retention: InvitationRetention
    progress: Progress
    work: UnitOfWork
    clock: Clock

    async def __call__(self) -> PurgedInvitations:
        done, before = 0, self.clock() - self.retention.expired
        while removed := await self._purge(before):
            done += removed
            self.progress(done)
        return PurgedInvitations(invitations=done)

    async def _purge(self, before: datetime) -> int:
        async with self.work:
            return await self.invitations.purge_expired(before=before, at_most=_AT_ONCE)
