"""Mail as files: what the embedded default writes instead of sending, and how it is read again."""

import asyncio
import os
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from pathlib import Path
from tempfile import mkstemp
from typing import Final

from adapters.mail.message import to_message
from application.shared.mail import Mail, Mailer, MailNotSentError
from application.shared.ports import Clock

_SUFFIX: Final = ".eml"
_FOLDER_MODE: Final = 0o700


class FileMailer(Mailer):
    """Writes each mail to `<folder>/<id>.eml`, for nobody else on the machine to read.

    A file appears under its name once it is complete, and one that is sent again replaces itself.
    """

    def __init__(self, folder: Path, sender: str, clock: Clock) -> None:
        self._folder = folder
        self._sender = sender
        self._clock = clock

    async def send(self, mail: Mail) -> None:
        message = to_message(mail, sender=self._sender, at=self._clock())
        try:
            await asyncio.to_thread(_write, self._folder, f"{mail.id}{_SUFFIX}", message.as_bytes())
        except OSError as error:
            raise MailNotSentError(f"mail {mail.id} ({mail.kind}): {self._folder}: {error.strerror}") from error


def _write(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    opened, draft = mkstemp(dir=folder, prefix=".draft-")
    try:
        with os.fdopen(opened, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(folder / name)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def newest_mails(folder: Path, most: int) -> Iterator[tuple[str, EmailMessage]]:
    """Ids and messages, the newest first: ids are made in the order of time."""
    names = sorted((path.name for path in folder.glob(f"[!.]*{_SUFFIX}")), reverse=True)
    for name in names[:most]:
        yield name.removesuffix(_SUFFIX), read_mail(folder / name)


def find_mail(folder: Path, beginning: str) -> Path | None:
    """The newest whose id begins so."""
    names = (path.name for path in folder.glob(f"[!.]*{_SUFFIX}"))
    found = max((name for name in names if name.startswith(beginning)), default=None)
    return folder / found if found else None


def read_mail(path: Path) -> EmailMessage:
    with path.open("rb") as file:
        return BytesParser(EmailMessage, policy=SMTP).parse(file)


def text_of(message: EmailMessage) -> str:
    """Its plain text; empty if it has none."""
    part = message.get_body(("plain",))
    return str(part.get_content()) if part else ""
