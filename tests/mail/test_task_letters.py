from datetime import date
from typing import Any
from uuid import UUID

import pytest

from adapters.mail.letterhead import Letterhead
from adapters.mail.task_letters import TemplateTaskLetters
from application.identity.user_views import UserView
from application.shared.mail import Mail
from application.tasks.views import TaskView
from tests.domain.identity.people import a_user
from tests.domain.tasks.tasks import a_task
from tests.mail.links import link_in
from tests.mail.mails import KEY, body, received

LETTERS = TemplateTaskLetters(Letterhead("https://example.com:8443", lambda: KEY), "acme.example.com")
ADA = UserView.of(a_user(), [])


def assigned(by: str = "bob", **fields: Any) -> Mail:
    return LETTERS.assigned(ADA, TaskView.of(a_task(**fields)), by=by)


def test_it_says_what_is_to_be_done_until_when_and_by_whom_it_was_given() -> None:
    mail = assigned(title="Paint the wall", due_date=date(2026, 3, 6))
    assert (mail.id, mail.to, mail.subject) == (KEY, ADA.email, "A task for you: Paint the wall")
    for text in (mail.text, mail.html):
        assert all(word in text for word in ("bob", ADA.username, "Paint the wall", "2026-03-06", "acme.example.com"))
    assert link_in(mail) == f"https://acme.example.com:8443/api/tasks/{a_task().id}/"
    assert f'href="{link_in(mail)}"' in body(received(mail), "html")


def test_what_has_no_day_says_none_and_what_nobody_did_names_nobody() -> None:
    mail = assigned(by="", due_date=None)
    assert "Due" not in mail.text + mail.html
    assert mail.text.startswith(f"You, {ADA.username}, have a task to do on acme.example.com:")


@pytest.mark.parametrize("title", ["a\u2028Bcc: eve@example.org", "=?utf-8?q?a=0D=0ABcc:_eve?=", "a\x85Bcc: x", "<b>&"])
def test_a_title_stays_in_its_header_and_in_its_place(title: str) -> None:
    message = received(titled(title))
    assert message["Bcc"] is None
    assert "<b>" not in body(message, "html")
    assert [name for name in message if name.lower() == "subject"] == ["Subject"]


def titled(title: str) -> Mail:
    """Whatever the domain makes of it: the view has it."""
    view = TaskView.of(a_task())
    view.title = title
    return LETTERS.assigned(ADA, view, by="bob")


@pytest.mark.parametrize(("number", "said"), [(1, "1 task"), (230, "230 tasks")])
def test_an_import_is_told_by_its_number(number: int, said: str) -> None:
    mail = LETTERS.imported(ADA, number, by="bob")
    assert mail.subject == f"{said} for you on acme.example.com"
    for text in (mail.text, mail.html):
        assert all(word in text for word in (said, "bob", ADA.username))
    assert link_in(mail) == f"https://acme.example.com:8443/api/tasks/?assignee={UUID(str(ADA.id))}"
