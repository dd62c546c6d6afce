import ssl
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

from adapters.mail.message import parse_sender, to_message
from application.shared.mail import Mail, Mailer, MailNotSentError
from application.shared.ports import Clock

_PORTS: Final = {"smtp": 587, "smtps": 465}
_PATIENCE: Final = 15.0


class SmtpMailer(Mailer):
    """Hands mails to the server of `smtp://user:password@host:port` (STARTTLS, which it must offer) or `smtps://…`
    (TLS from the first byte).

    Its certificate is checked against `trusted`, by default what this machine trusts (SSL_CERT_FILE adds to that).
    `patience` is in seconds, for each step.
    """

    def __init__(
        self,
        url: str,
        sender: str,
        clock: Clock,
        *,
        trusted: ssl.SSLContext | None = None,
        patience: float = _PATIENCE,
    ) -> None:
        parts = urlsplit(url)
        self._is_tls = parts.scheme == "smtps"
        self._host = parts.hostname or ""
        self.port = parts.port or _PORTS[parts.scheme]
        self._user = unquote(parts.username or "") or None
        self._password = unquote(parts.password or "") or None
        self._sender = sender
        self._clock = clock
        self._trusted = trusted or ssl.create_default_context()
        self._patience = patience

    async def send(self, mail: Mail) -> None:
        message = to_message(mail, sender=self._sender, at=self._clock())
        try:
            async with self._client() as client:
                await client.sendmail(parse_sender(self._sender)[1], [mail.to], message.as_bytes())
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise MailNotSentError(f"mail {mail.id} ({mail.kind}): {_reason(error)}") from error

    async def problem(self) -> str:
        """Why mail cannot be sent now; empty if the server takes us. Nothing is sent."""
        try:
            async with self._client():
                pass
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            return _reason(error)
        return ""

    def _client(self) -> aiosmtplib.SMTP:
        """Connected and logged in when it is entered, over TLS in either way."""
        return aiosmtplib.SMTP(
            hostname=self._host,
            port=self.port,
            username=self._user,
            password=self._password,
            local_hostname=parse_sender(self._sender)[1].rpartition("@")[2],
            timeout=self._patience,
            use_tls=self._is_tls,
            start_tls=None if self._is_tls else True,
            tls_context=self._trusted,
        )


def _reason(error: Exception) -> str:
    """The kind of failure and the server's code, but not its words: some servers quote the mail in them."""
    code = getattr(error, "code", None)
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        code = ", ".join(str(refused.code) for refused in error.recipients)
    return type(error).__name__ + (f" {code}" if code else "")
