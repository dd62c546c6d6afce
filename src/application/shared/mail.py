from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from application.shared.jobs import NotNowError


class MailNotSentError(NotNowError):
    """The mail server did not take it. The message names the mail and the reason, never what is in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail to one person, as text and as HTML. `id` stays the same however often it is tried."""

    id: UUID
    kind: str
    to: str
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)


class Mailer(Protocol):
    async def send(self, mail: Mail) -> None:
        """Hand it over for delivery. May repeat: at worst it arrives twice. Raise `MailNotSentError`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMail:
    """Hand one mail over for delivery. Safe to repeat: at worst it arrives twice, under one Message-ID."""

    mailer: Mailer

    async def __call__(self, *, mail: Mail) -> None:
        await self.mailer.send(mail)
