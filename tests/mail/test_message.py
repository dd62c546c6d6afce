"""Whatever names and messages people choose, a mail has the headers and parts that we gave it."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.mail.message import parse_sender, to_message
from application.shared.mail import MailNotSentError
from domain.shared.errors import InvalidError
from tests.mail.mails import NOON, SENDER, a_mail, acme, body, letter, received

HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
}
ENCODED = [
    "=?utf-8?q?x=0d=0aBcc=3a_eve=40example.net?=",
    "Hi=?utf-8?b?DQpCY2M6IGV2ZUBleGFtcGxlLm5ldA0KDQpIZWxsbw==?=",
    "=?utf-8?q?x=0d=0a=0d=0a<a_href=3d=22https=3a//evil.example=22>?=",
    "ü" * 250 + "=?utf-8?q?x=0aBcc=3a_eve=40example.net?=",
]
"""Encoded words (RFC 2047) that have line ends in them."""
HOSTILE = "\r\nBcc: eve@example.net\r\n\r\n<script>alert(1)</script>\u2028\u0085\x0b"


def test_a_message_is_complete() -> None:
    message = received(a_mail(subject="Grüße"))
    assert set(message.keys()) == HEADERS
    assert (message["From"], message["To"], message["Subject"]) == (SENDER, "ada@example.org", "Grüße")
    assert message["Date"].datetime == NOON
    assert message["Message-ID"] == "<00000000-0000-0000-0000-000000000007@example.com>"
    assert (body(message, "plain"), body(message, "html")) == ("Hello, Ada!\n", "<p>Hello, Ada!</p>\n")


def test_lines_are_as_smtp_wants_them() -> None:
    source = to_message(a_mail(text="x" * 5000 + "\n.\nFrom ü"), sender=SENDER, at=NOON).as_bytes()
    assert source.isascii()
    assert max(len(line) for line in source.split(b"\r\n")) <= 998
    assert b"\n" not in source.replace(b"\r\n", b"")


@pytest.mark.parametrize("word", ENCODED)
def test_no_encoded_word_becomes_a_header_or_a_body(word: str) -> None:
    message = received(letter(name=word[-200:]))
    assert set(message.keys()) == HEADERS
    assert message["Subject"].strip().startswith("Invitation to ")
    assert body(message, "plain") == body(received(letter()), "plain").replace("Acme", word[-200:])


@pytest.mark.parametrize("address", ["a@=?utf-8?q?x=0d=0aBcc=3a_eve?=", "=?utf-8?q?eve=40example.net=2C?=@b.example"])
def test_no_address_becomes_another_header_or_address(address: str) -> None:
    with pytest.raises(MailNotSentError):
        to_message(a_mail(to=address), sender=SENDER, at=NOON)


@settings(max_examples=40, deadline=None)
@given(st.text())
def test_no_subject_becomes_a_header(text: str) -> None:
    printable = text.encode("utf-8", "ignore").decode()
    message = received(a_mail(subject=printable + HOSTILE))
    assert set(message.keys()) == HEADERS
    assert message.get_all("To") == ["ada@example.org"]


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200))
def test_no_name_of_an_organization_becomes_a_header_or_markup(name: str) -> None:
    if not name.strip():
        return
    message = received(letter(name=name))
    assert set(message.keys()) == HEADERS
    assert tags(body(message, "html")) == tags(body(received(letter()), "html"))


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200))
def test_no_message_becomes_markup(message: str) -> None:
    try:
        mail = letter(message=f"<a href='https://evil.example'>{message}</blockquote><img src=x onerror=y>")
    except InvalidError:
        return  # it has control characters
    assert "img" not in tags(body(received(mail), "html"))
    assert tags(body(received(mail), "html")).count("a") == 1


def test_a_message_is_quoted_in_the_text() -> None:
    text = body(received(letter(message="Hi!\n\nTo accept, go to https://evil.example")), "plain")
    assert "> Hi!\n> \n> To accept, go to https://evil.example\n" in text


@pytest.mark.parametrize("name", ["Acme\r\nBcc: eve@example.net", "Acme\n", "Acme\0"])
def test_an_organization_has_no_such_name_anyway(name: str) -> None:
    with pytest.raises(InvalidError):
        acme(name)


@pytest.mark.parametrize(
    ("sender", "parsed"),
    [
        ("no-reply@example.com", ("", "no-reply@example.com")),
        ("Taruvi <no-reply@example.com>", ("Taruvi", "no-reply@example.com")),
        ('"Grün, und so" <a@b.example>', ("Grün, und so", "a@b.example")),
    ],
)
def test_a_sender_has_a_name_or_none(sender: str, parsed: tuple[str, str]) -> None:
    assert parse_sender(sender) == parsed


@pytest.mark.parametrize("sender", ["", "Taruvi", "a@", "@b", "a@b\r\nBcc: c@d", "ä@example.org", "a@b, c@d", "a b@c"])
def test_a_sender_is_one_address(sender: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_sender(sender)


def tags(html: str) -> list[str]:
    found: list[str] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            found.append(tag)

    Tags().feed(html)
    return [tag for tag in found if tag != "br"]
