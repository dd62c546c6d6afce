from uuid import UUID

import pytest

from adapters.mail.letters import TemplateLetters
from tests.domain.identity.people import NOON, a_user
from tests.mail.links import link_in, token_in
from tests.mail.mails import KEY, TOKEN, body, letter, received


def test_an_invitation_says_by_whom_to_what_and_until_when() -> None:
    mail = letter()
    assert (mail.kind, mail.to, mail.subject) == ("invitation", "ada@example.org", "Invitation to Acme")
    for text in (mail.text, mail.html):
        assert all(word in text for word in ("bob", "Acme", "member", "ada@example.org", "2026-01-01 12:00 UTC"))
    assert link_in(mail) == f"https://example.com/invitations/{UUID(int=8)}/?token={TOKEN}"
    assert f'href="{link_in(mail)}"' in body(received(mail), "html")


def test_an_invitation_of_the_operator_names_nobody() -> None:
    assert letter(inviter="").text.startswith("You are invited to Acme")


@pytest.mark.parametrize(
    ("public_url", "origin"),
    [
        ("https://example.com", "https://acme.example.com"),
        ("http://localhost:8000", "http://acme.example.com:8000"),
        ("https://example.com:8443/", "https://acme.example.com:8443"),
    ],
)
def test_a_reset_leads_to_the_host_it_was_asked_at(public_url: str, origin: str) -> None:
    letters = TemplateLetters(public_url, lambda: KEY)
    mail = letters.password_reset(a_user(), host="acme.example.com", token=TOKEN, expires_at=NOON)
    assert link_in(mail) == f"{origin}/password/reset/?token={TOKEN}"
    assert (mail.to, token_in(mail)) == (a_user().email, TOKEN)


def test_what_a_mail_says_is_in_no_log() -> None:
    assert TOKEN not in repr(letter())
