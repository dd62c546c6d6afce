from datetime import datetime
from urllib.parse import urlencode

from adapters.mail.letterhead import Letterhead
from application.identity.reset_ports import ResetLetters
from application.shared.mail import Mail
from application.shared.ports import NewId
from application.tenancy.invitation_ports import InvitationLetters
from domain.identity.user import User
from domain.tenancy.invitation import Invitation
from domain.tenancy.organization import Organization


class TemplateLetters(InvitationLetters, ResetLetters):
    """Mails from the templates beside this, each as text and as HTML; `public_url` as `Letterhead` says."""

    def __init__(self, public_url: str, new_id: NewId) -> None:
        self._head = Letterhead(public_url, new_id)

    def invitation(self, invitation: Invitation, organization: Organization, *, inviter: str, token: str) -> Mail:
        return self._head.mail(
            "invitation",
            invitation.email,
            f"Invitation to {organization.name}",
            organization=organization.name,
            inviter=inviter,
            role=invitation.role.value,
            lines=invitation.message.splitlines(),
            email=invitation.email,
            expires_at=_shown(invitation.expires_at),
            link=f"{self._head.public_url}/invitations/{invitation.id}/?{urlencode({'token': token})}",
        )

    def password_reset(self, user: User, *, host: str, token: str, expires_at: datetime) -> Mail:
        return self._head.mail(
            "password_reset",
            user.email,
            f"A new password for {host}",
            host=host,
            username=user.username,
            expires_at=_shown(expires_at),
            link=f"{self._head.origin(host)}/password/reset/?{urlencode({'token': token})}",
        )


def _shown(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
