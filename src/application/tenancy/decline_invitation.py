from dataclasses import dataclass

from application.identity.session_tokens import hash_of
from application.shared.ports import Clock, UnitOfWork
from application.tenancy.invitation_ports import InvitationRepository
from domain.tenancy.invitation import Invitation, InvitationId


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineInvitation:
    """Say no to an invitation. The token is all it takes: who is invited may have no account."""

    invitations: InvitationRepository
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, invitation_id: InvitationId, token: str) -> Invitation:
        now = self.clock()
        async with self.work:
            invitation = await self.invitations.get(invitation_id)
            invitation.require_open(hash_of(token), at=now)
            declined = invitation.decline(at=now)
            await self.invitations.save(declined)
        return declined
