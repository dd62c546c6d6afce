"""The SMTP adapter against a real server: TLS in both ways, accounts, refusals, silence."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pytest

from adapters.mail.smtp import SmtpMailer
from application.shared.mail import MailNotSentError
from tests.mail.mails import NOON, SENDER, TOKEN, a_mail, body, letter, parsed
from tests.mail.server import PASSWORD, USER, Inbox, make_certificate, smtp_server

SCHEMES: Final = {"starttls": "smtp", "tls": "smtps", "none": "smtp"}
ACCOUNT: Final = f"{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"), "localhost")


def mailer_of(
    certificate: Path, port: int, tls: str = "starttls", account: str = ACCOUNT, patience: float = 5
) -> SmtpMailer:
    trusted = ssl.create_default_context(cafile=str(certificate))
    url = f"{SCHEMES[tls]}://{account}localhost:{port}"
    return SmtpMailer(url, SENDER, lambda: NOON, trusted=trusted, patience=patience)


@asynccontextmanager
async def server(certificate: Path, tls: str = "starttls", **options: Any) -> AsyncIterator[tuple[Inbox, int]]:
    inbox = Inbox()
    async with smtp_server(inbox, certificate, tls=tls, **options) as port:
        yield inbox, port


@pytest.mark.parametrize("tls", ["starttls", "tls"])
async def test_a_mail_arrives_over_tls_from_our_account(certificate: Path, tls: str) -> None:
    async with server(certificate, tls) as (inbox, port):
        await mailer_of(certificate, port, tls).send(a_mail(subject="Grüße"))
    (envelope,), (session,) = inbox.envelopes, inbox.sessions
    assert (envelope.mail_from, envelope.rcpt_tos) == ("no-reply@example.com", ["ada@example.org"])
    assert session.authenticated
    assert isinstance(envelope.content, bytes)
    message = parsed(envelope.content)
    assert (message["Subject"], body(message, "plain")) == ("Grüße", "Hello, Ada!\n")


async def test_the_link_arrives_whole(certificate: Path) -> None:
    async with server(certificate) as (inbox, port):
        await mailer_of(certificate, port).send(letter())
    content = inbox.envelopes[0].content
    assert isinstance(content, bytes)
    assert f"?token={TOKEN}\n" in body(parsed(content), "plain")


@pytest.mark.parametrize("tls", ["starttls", "tls"])
async def test_a_wrong_password_is_told_without_it(certificate: Path, tls: str) -> None:
    async with server(certificate, tls) as (inbox, port):
        mailer = mailer_of(certificate, port, tls, account="taruvi:wrong-one@")
        with pytest.raises(MailNotSentError, match=r"\(test\): SMTPAuthenticationError 535$"):
            await mailer.send(a_mail())
        assert await mailer.problem() == "SMTPAuthenticationError 535"
    assert inbox.envelopes == []


async def test_nothing_is_sent_in_clear(certificate: Path) -> None:
    async with server(certificate, "none") as (inbox, port):
        with pytest.raises(MailNotSentError, match="SMTPException"):
            await mailer_of(certificate, port, "none").send(a_mail())
    assert inbox.envelopes == []


@pytest.mark.parametrize("tls", ["starttls", "tls"])
async def test_nothing_is_sent_to_whom_we_do_not_trust(
    certificate: Path, tmp_path_factory: pytest.TempPathFactory, tls: str
) -> None:
    stranger = make_certificate(tmp_path_factory.mktemp("tls"), "localhost")
    misnamed = make_certificate(tmp_path_factory.mktemp("tls"), "mail.example.net")
    for shown, trusted in ((stranger, certificate), (misnamed, misnamed)):
        async with server(shown, tls) as (inbox, port):
            with pytest.raises(MailNotSentError):
                await mailer_of(trusted, port, tls).send(a_mail())
        assert inbox.envelopes == []


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"answer": f"554 Refused, for it says {TOKEN}"}, "SMTPDataError 554"),
        ({"answer_to_recipient": "550 No such user"}, "SMTPRecipientsRefused 550"),
    ],
)
async def test_a_refusal_is_told_by_its_code_alone(certificate: Path, answers: dict[str, str], reason: str) -> None:
    async with server(certificate) as (inbox, port):
        for name, answer in answers.items():
            setattr(inbox, name, answer)
        with pytest.raises(MailNotSentError) as caught:
            await mailer_of(certificate, port).send(letter())
    assert str(caught.value).endswith(f"(invitation): {reason}")
    assert TOKEN not in str(caught.value)


async def test_a_server_that_is_down_is_told(certificate: Path) -> None:
    async with server(certificate) as (_, port):
        pass
    with pytest.raises(MailNotSentError, match="SMTPConnectError"):
        await mailer_of(certificate, port).send(a_mail())
    assert await mailer_of(certificate, port).problem() == "SMTPConnectError"


async def test_a_server_that_says_nothing_is_not_waited_for(certificate: Path) -> None:
    silent = await asyncio.start_server(_say_nothing, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    with pytest.raises(MailNotSentError, match="Timeout"):
        await mailer_of(certificate, port, patience=0.2).send(a_mail())
    silent.close()
    await silent.wait_closed()


async def _say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


async def test_a_server_that_takes_us_has_no_problem(certificate: Path) -> None:
    async with server(certificate) as (inbox, port):
        assert await mailer_of(certificate, port).problem() == ""
    assert inbox.envelopes == []


@pytest.mark.parametrize(("scheme", "port"), [("smtp", 587), ("smtps", 465)])
def test_each_scheme_has_its_port(scheme: str, port: int) -> None:
    assert SmtpMailer(f"{scheme}://mail.example.com", SENDER, lambda: NOON).port == port
