import asyncio
import stat
from pathlib import Path
from uuid import UUID

import pytest

from adapters.mail.files import FileMailer, find_mail, newest_mails, read_mail, text_of
from application.shared.mail import Mail, MailNotSentError
from tests.mail.mails import NOON, SENDER, a_mail


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "mail"


@pytest.fixture
def mailer(folder: Path) -> FileMailer:
    return FileMailer(folder, SENDER, lambda: NOON)


def send(mailer: FileMailer, *mails: Mail) -> None:
    async def all_at_once() -> None:
        await asyncio.gather(*(mailer.send(mail) for mail in mails))

    asyncio.run(all_at_once())


def test_a_mail_becomes_a_message_in_a_file(mailer: FileMailer, folder: Path) -> None:
    send(mailer, a_mail(subject="Grüße"))
    found = find_mail(folder, "")
    assert found
    assert (read_mail(found)["Subject"], text_of(read_mail(found)).strip()) == ("Grüße", "Hello, Ada!")


def test_nobody_else_can_read_it(mailer: FileMailer, folder: Path) -> None:
    send(mailer, a_mail())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()] == [0o600]


def test_sending_again_replaces_it_and_leaves_nothing_else(mailer: FileMailer, folder: Path) -> None:
    send(mailer, *[a_mail()] * 5)
    assert len(list(folder.iterdir())) == 1


def test_the_newest_come_first(mailer: FileMailer, folder: Path) -> None:
    for number in (3, 1, 2):
        send(mailer, a_mail(id=UUID(int=number), subject=str(number)))
    assert [message["Subject"] for _, message in newest_mails(folder, 2)] == ["3", "2"]


def test_without_a_folder_there_are_none(folder: Path) -> None:
    assert list(newest_mails(folder, 5)) == []
    assert find_mail(folder, "") is None


def test_what_cannot_be_written_is_told(folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("a file")
    mailer = FileMailer(folder, SENDER, lambda: NOON)
    with pytest.raises(MailNotSentError, match=r"\(test\): .*File exists"):
        send(mailer, a_mail())
