from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from application.identity.reset_ports import ResetLetters
from application.shared.mail import Mail
from application.shared.ports import NewId
from application.tenancy.invitation_ports import InvitationLetters
from domain.identity.user import User
from domain.tenancy.invitation import Invitation
from domain.tenancy.organization import Organization

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
"""Names and messages come from anybody: in HTML they are escaped, always."""


class TemplateLetters(InvitationLetters, ResetLetters):
    """Mails from the templates beside this, each as text and as HTML.

    `public_url` is where the platform is reached; sites are reached by the same scheme and port.
    """

    def __init__(self, public_url: str, new_id: NewId) -> None:
        self._public_url = public_url.rstrip("/")
        self._new_id = new_id

    def invitation(self, invitation: Invitation, organization: Organization, *, inviter: str, token: str) -> Mail:
        return self._mail(
            "invitation",
            invitation.email,
            f"Invitation to {organization.name}",
            organization=organization.name,
            inviter=inviter,
            role=invitation.role.value,
            lines=invitation.message.splitlines(),
            email=invitation.email,
            expires_at=_shown(invitation.expires_at),
            link=f"{self._public_url}/invitations/{invitation.id}/?{urlencode({'token': token})}",
        )

    def password_reset(self, user: User, *, host: str, token: str, expires_at: datetime) -> Mail:
        return self._mail(
            "password_reset",
            user.email,
            f"A new password for {host}",
            host=host,
            username=user.username,
            expires_at=_shown(expires_at),
            link=f"{self._origin(host)}/password/reset/?{urlencode({'token': token})}",
        )

    def _origin(self, host: str) -> str:
        """Of another host: who asked may name any host that is ours, but neither scheme nor port."""
        parts = urlsplit(self._public_url)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{host}{port}"

    def _mail(self, kind: str, to: str, subject: str, **facts: Any) -> Mail:
        return Mail(
            id=self._new_id(),
            kind=kind,
            to=to,
            subject=subject,
            text=_TEMPLATES.get_template(f"{kind}.txt").render(facts),
            html=_TEMPLATES.get_template(f"{kind}.html").render(facts),
        )


def _shown(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
