import json
from uuid import uuid4

import pytest

from tests.cli.conftest import Cli

pytestmark = pytest.mark.postgres


def rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in text.splitlines()]


def fields(text: str) -> dict[str, str]:
    return {line[:14].strip(): line[14:] for line in text.splitlines()}


@pytest.fixture
def schedule(cli: Cli, site: str) -> str:
    """The name of a new one, of one site."""
    name = f"s-{uuid4().hex[:8]}"
    options = ("--job", "sweep_files", "--site", site, "--cron", "0 4 * * *", "--time-zone", "Europe/Berlin")
    created = cli("schedules", "create", name, *options, "--arguments", json.dumps({"only_look": True}))
    assert created.stdout.startswith(f"created {name}; it runs next: 20"), created.stderr
    return name


def test_a_schedule_from_its_beginning_to_its_end(cli: Cli, schedule: str, site: str) -> None:
    (row,) = [row for row in rows(cli("schedules", "list").stdout) if row[0] == schedule]
    assert row[1:5] == ["sweep_files", site, "0 4 * * * Europe/Berlin", "yes"]
    shown = {line[:16].strip(): line[16:] for line in cli("schedules", "show", schedule).stdout.splitlines()}
    assert (shown["job"], shown["site"], shown["built in"]) == ("sweep_files", site, "no")

    assert cli("schedules", "disable", schedule).stdout == f"changed {schedule}; it runs next: -\n"
    assert cli("schedules", "enable", schedule).stdout.startswith(f"changed {schedule}; it runs next: 20")
    changed = cli("schedules", "change", schedule, "--every", "3600", "--name", f"{schedule}-b")
    assert changed.returncode == 0
    assert "every 3600 s" in cli("schedules", "show", f"{schedule}-b").stdout
    assert cli("schedules", "delete", f"{schedule}-b").stdout == f"deleted {schedule}-b\n"
    assert cli("schedules", "show", f"{schedule}-b").returncode == 1


def test_what_is_wrong_with_a_schedule_is_told_at_once(cli: Cli, site: str) -> None:
    wrong = cli("schedules", "create", "x", "--job", "no_such", "--cron", "bad", "--time-zone", "Mars/Base")
    assert wrong.returncode == 2
    assert {line.partition(":")[0] for line in wrong.stderr.splitlines()} >= {"cron", "time_zone"}
    assert cli("schedules", "create", "x", "--job", "purge_jobs", "--at", "tomorrow").returncode == 2
    assert cli("schedules", "create", "x", "--job", "purge_jobs", "--at", "2030-01-01T00:00").returncode == 2
    assert cli("schedules", "create", "x", "--job", "purge_jobs", "--every", "5", "--arguments", "{").returncode == 2
    both = cli("schedules", "create", "x", "--job", "purge_sessions", "--site", site, "--all-sites", "--every", "5")
    assert both.returncode == 2
    assert cli("schedules", "change", "x").returncode == 2


def test_a_job_is_listed_shown_cancelled_and_retried(cli: Cli, schedule: str, site: str) -> None:
    assert cli("jobs", "list", "--site", site).stdout == "there is no such job\n"
    started = cli("schedules", "run", schedule).stdout
    job_id = started.split()[3].rstrip(";")
    assert cli("schedules", "run", schedule).returncode == 1

    listed = rows(cli("jobs", "list", "--site", site, "--status", "pending", "--queue", "maintenance").stdout)
    assert [row[:5] for row in listed[1:]] == [[job_id, "sweep_files", "maintenance", site, "pending"]]
    assert cli("jobs", "list", "--site", site, "--name", "send_mail").stdout == "there is no such job\n"
    shown = fields(cli("jobs", "show", job_id).stdout)
    assert (shown["status"], shown["site"], shown["asked by"][:9]) == ("pending", site, "schedule:")

    assert cli("jobs", "cancel", job_id).stdout == f"cancelled {job_id}\n"
    assert cli("jobs", "cancel", job_id).returncode == 1
    watched = cli("jobs", "show", job_id, "--watch")
    assert watched.returncode == 1
    assert watched.stderr.splitlines()[0] == "sweep_files cancelled"
    assert cli("jobs", "retry", job_id).stdout == f"{job_id} runs again\n"
    assert fields(cli("jobs", "show", job_id).stdout)["status"] == "pending"


def test_what_is_not_there_is_said(cli: Cli) -> None:
    nobody = "00000000-0000-7000-8000-000000000000"
    for command in (("show",), ("retry",), ("cancel",), ("show", "--watch")):
        assert cli("jobs", command[0], nobody, *command[1:]).returncode == 1
    assert cli("jobs", "list", "--site", "nowhere").returncode == 1
    assert cli("jobs", "show", "x").returncode == 2
