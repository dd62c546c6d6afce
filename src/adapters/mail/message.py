from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses
from typing import Final

from application.shared.mail import Mail, MailNotSentError

_LONGEST_SUBJECT: Final = 200
_ENCODED: Final = "=?"
"""How an encoded word (RFC 2047) begins. The library decodes what looks like one, line ends included."""


def to_message(mail: Mail, *, sender: str, at: datetime) -> EmailMessage:
    """A complete message (RFC 5322): plain text with an HTML alternative, each header one line of its own.

    Whatever is in a mail, it stays in its place: line ends in a subject become spaces, and encoded words in it are
    taken apart. Raise `MailNotSentError` for an address that is or has an encoded word: it is nobody's.
    """
    if _ENCODED in mail.to:
        raise MailNotSentError(f"mail {mail.id} ({mail.kind}): its address cannot stand in a header")
    name, address = parse_sender(sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(display_name=name, addr_spec=address)
    message["To"] = mail.to
    message["Subject"] = " ".join(mail.subject.split()).replace(_ENCODED, "= ?")[:_LONGEST_SUBJECT]
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{mail.id}@{address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def parse_sender(sender: str) -> tuple[str, str]:
    """Name and address of `Taruvi <no-reply@example.com>`, or of an address alone. Raise `ValueError`."""
    found = getaddresses([sender])
    name, address = found[0] if len(found) == 1 else ("", "")
    local, _, domain = address.rpartition("@")
    if not (local and domain and sender.isprintable() and address.isascii()):
        raise ValueError(f"{sender!r} is not an address like Taruvi <no-reply@example.com>")
    try:
        Address(display_name=name, addr_spec=address)
    except (MessageError, IndexError) as error:
        raise ValueError(f"{sender!r}: {error}") from error
    return name, address
