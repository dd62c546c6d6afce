"""Mails and what tests read in them."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, Final
from uuid import UUID

from adapters.mail.letters import TemplateLetters
from adapters.mail.message import to_message
from application.shared.mail import Mail
from domain.shared.caller import UserId
from domain.tenancy.invitation import Invitation, InvitationId
from domain.tenancy.membership import MemberRole
from domain.tenancy.organization import Organization, OrganizationId

NOON: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)
SENDER: Final = "Taruvi <no-reply@example.com>"
KEY: Final = UUID(int=7)
TOKEN: Final = "a-token-that-nobody-may-see"


def a_mail(**changes: Any) -> Mail:
    fields: dict[str, Any] = {
        "id": KEY,
        "kind": "test",
        "to": "ada@example.org",
        "subject": "Hello",
        "text": "Hello, Ada!\n",
        "html": "<p>Hello, Ada!</p>\n",
    }
    return Mail(**fields | changes)


def an_invitation(**changes: Any) -> Invitation:
    fields: dict[str, Any] = {
        "id": InvitationId(UUID(int=8)),
        "organization_id": OrganizationId(UUID(int=9)),
        "email": "ada@example.org",
        "role": MemberRole.MEMBER,
        "token_hash": b"",
        "invited_by": UserId(UUID(int=1)),
        "expires_at": NOON,
        "created_at": NOON,
        "updated_at": NOON,
        "created_by": UserId(UUID(int=1)),
    }
    return Invitation(**fields | changes)


def acme(name: str = "Acme") -> Organization:
    return Organization(
        id=OrganizationId(UUID(int=9)), name=name, slug="acme", created_at=NOON, updated_at=NOON, created_by=None
    )


def letter(name: str = "Acme", inviter: str = "bob", **changes: Any) -> Mail:
    """The mail of an invitation."""
    letters = TemplateLetters("https://example.com", lambda: KEY)
    return letters.invitation(an_invitation(**changes), acme(name), inviter=inviter, token=TOKEN)


def received(mail: Mail) -> EmailMessage:
    """As whoever receives it reads it."""
    return parsed(to_message(mail, sender=SENDER, at=NOON).as_bytes())


def parsed(source: bytes) -> EmailMessage:
    return message_from_bytes(source, policy=SMTP)


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part
    return str(part.get_content()).replace("\r\n", "\n")
