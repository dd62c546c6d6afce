from dataclasses import dataclass

from application.shared.jobs import Jobs
from application.shared.mail import SendMail
from application.shared.ports import NewSecret
from application.tenancy.invitation_ports import InvitationLetters
from domain.shared.caller import Caller
from domain.tenancy.invitation import Invitation
from domain.tenancy.organization import Organization


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationMail:
    """Makes the tokens of invitations and sends them to the invited, who alone ever see them."""

    letters: InvitationLetters
    jobs: Jobs
    new_secret: NewSecret

    async def send(self, invitation: Invitation, organization: Organization, *, token: str, by: Caller) -> None:
        """In the transaction that writes it."""
        inviter = by.label if by.user_id else ""
        mail = self.letters.invitation(invitation, organization, inviter=inviter, token=token)
        await self.jobs.add(SendMail, mail=mail)
