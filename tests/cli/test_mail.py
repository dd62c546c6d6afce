import asyncio
from pathlib import Path
from uuid import UUID

import pytest

from adapters.mail.files import FileMailer
from entrypoints.cli.demo import make_demo
from entrypoints.cli.operator import application
from entrypoints.settings import Settings
from tests.cli.conftest import Cli
from tests.job_desk import work_off
from tests.mail.mails import NOON, SENDER, a_mail


@pytest.fixture
def mails(tmp_path: Path) -> list[str]:
    """The ids of two mails, the older first."""
    mailer = FileMailer(tmp_path / "home" / "mail", SENDER, lambda: NOON)
    for number in (1, 2):
        asyncio.run(mailer.send(a_mail(id=UUID(int=number << 100), subject=f"Mail {number} ü")))
    return [str(UUID(int=number << 100)) for number in (1, 2)]


def test_mails_are_listed_the_newest_first(bare_cli: Cli, mails: list[str]) -> None:
    expected = [f"{mails[i]}  2026-01-01 12:00  ada@example.org  Mail {i + 1} ü" for i in (1, 0)]
    assert bare_cli("mail", "list").stdout.splitlines() == expected
    assert bare_cli("mail", "list", "-n", "1").stdout.splitlines() == expected[:1]


def test_a_mail_is_shown_by_the_beginning_of_its_id(bare_cli: Cli, mails: list[str]) -> None:
    shown = bare_cli("mail", "show", mails[0][:8]).stdout
    assert "Subject: Mail 1 ü\n" in shown
    assert shown.endswith("\n\nHello, Ada!\n")
    assert "Mail 2" in bare_cli("mail", "show").stdout


def test_a_mail_is_shown_as_it_would_be_sent(bare_cli: Cli, mails: list[str], tmp_path: Path) -> None:
    source = (tmp_path / "home" / "mail" / f"{mails[1]}.eml").read_bytes()
    assert bare_cli("mail", "show", "--source").stdout.encode() == source


def test_where_there_are_none_it_is_said(bare_cli: Cli) -> None:
    assert bare_cli("mail", "list").stdout == "no mails\n"
    done = bare_cli("mail", "show", "x")
    assert (done.returncode, "no such mail" in done.stderr) == (1, True)


@pytest.mark.postgres
@pytest.mark.storage
def test_the_demo_invites_once(bare_cli: Cli, empty_database_url: str, storage_url: str, tmp_path: Path) -> None:
    """The mail is a job's: of a worker, which `taruvi dev` runs."""
    assert bare_cli("migrate", TARUVI_DATABASE_URL=empty_database_url).returncode == 0
    settings = Settings(database_url=empty_database_url, storage_url=storage_url, home=tmp_path / "home")

    async def make() -> None:
        async with application(settings) as app:
            await make_demo(app, lambda _: None)

    for _ in range(2):
        asyncio.run(make())
    assert bare_cli("mail", "list").stdout == "no mails\n"
    asyncio.run(work_off(settings))
    (line,) = bare_cli("mail", "list").stdout.splitlines()
    assert line.endswith("  invited@acme.example  Invitation to Acme")
