from dataclasses import dataclass

from application.shared.ports import Clock, UnitOfWork
from application.tenancy.managed_invitations import ManagedInvitations
from domain.shared.versions import require_version
from domain.tenancy.invitation import InvitationId


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeInvitation:
    """Take an open invitation back: its token is worthless from then on."""

    managed: ManagedInvitations
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, invitation_id: InvitationId, seen: frozenset[int] | None) -> None:
        async with self.work:
            _, invitation = await self.managed.lock(invitation_id)
            require_version(invitation.version, seen)
            await self.managed.invitations.save(invitation.revoke(at=self.clock()))
