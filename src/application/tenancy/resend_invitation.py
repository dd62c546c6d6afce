from dataclasses import dataclass

from application.identity.session_tokens import hash_of
from application.shared.ports import Clock, UnitOfWork
from application.tenancy.invitation_mail import InvitationMail
from application.tenancy.managed_invitations import ManagedInvitations
from domain.shared.versions import require_version
from domain.tenancy.invitation import Invitation, InvitationId
from domain.tenancy.membership import MemberExistsError


@dataclass(frozen=True, slots=True, kw_only=True)
class ResendInvitation:
    """Send an invitation once more, with a new token and seven days from now; the token before is worthless.

    One whose time is over can be sent again too, unless a newer one to the same address is open. Between two mails
    are fifteen minutes, and there are as many within an hour as for new ones.
    """

    managed: ManagedInvitations
    mail: InvitationMail
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, invitation_id: InvitationId, seen: frozenset[int] | None) -> Invitation:
        token = self.mail.new_secret()
        async with self.work:
            organization, invitation = await self.managed.lock(invitation_id)
            require_version(invitation.version, seen)
            organization.require_active()
            now = self.clock()
            reopened = invitation.resend(hash_of(token), at=now)
            if await self.managed.invitations.is_member(organization.id, invitation.email):
                raise MemberExistsError("who has this address is a member already")
            await self.managed.require_place(invitation, organization, at=now)
            await self.managed.invitations.save(reopened)
            await self.mail.send(reopened, organization, token=token, by=self.managed.standing.caller)
        return reopened
