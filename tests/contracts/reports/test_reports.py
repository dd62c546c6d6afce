"""What reports have in them, and for whom, on every store."""

import pytest

from application.reports.views import ReportFormat
from domain.jobs.job import JobStatus
from domain.shared.caller import SITE_PERMISSIONS
from domain.shared.errors import ForbiddenError, InvalidError
from tests.contracts.access.objects import VIEW, a_project, revoke, share
from tests.contracts.reports.office import PAST, Office
from tests.contracts.tasks.tasks import a_task
from tests.job_ends import as_user, content_of, ended, file_of
from tests.world import OPERATOR


async def test_there_is_a_line_for_each_task_and_each_project_without_any(office: Office) -> None:
    rows = await office.rows(office.boss)
    assert [(row["project"], row["title"], row["status"], row["assignee"], row["overdue"]) for row in rows] == [
        ("Void", "", "", "", ""),
        ("Moon", "Late", "todo", "bob", "yes"),
        ("Moon", "Done", "done", "", "no"),
        ("Mars", "'=1+1", "in_progress", "", "no"),
        ("Mars", "Eve's", "todo", "eve", "no"),
    ]
    assert (rows[1]["due_date"], rows[1]["priority"], bool(rows[2]["completed_at"])) == ("2020-01-01", "high", True)
    assert (await office.report(office.boss)).count("\r\n") == 6


async def test_one_of_a_project_has_nothing_of_the_others(office: Office) -> None:
    assert [row["title"] for row in await office.rows(office.boss, office.moon)] == ["Late", "Done"]
    page = await office.report(office.boss, ReportFormat.HTML, office.moon)
    assert ("<h1>Moon</h1>" in page, "Mars" in page) == (True, False)


async def test_the_page_has_the_numbers_and_escapes_what_people_wrote(office: Office) -> None:
    task = "<script>alert(1)</script>"
    await a_task(office.world, office.site, office.mars, office.ada.id, title=task, due_date=PAST)
    page = await office.report(office.boss, ReportFormat.HTML)
    assert "2 todo" not in page
    assert "3 todo (60 %), 1 in progress (20 %), 1 done (20 %), 0 cancelled (0 %)." in page
    assert "bob: 1 open, 1 overdue; " in page
    assert ("&lt;script&gt;" in page, "<script" in page) == (True, False)
    assert page.index('<td class="name">Mars') < page.index('<td class="name">Moon</td><td>active</td>')
    for outside in ("http://", "https://", "src=", "url(", "@import"):
        assert outside not in page


async def test_who_may_view_one_project_gets_its_tasks_alone(office: Office) -> None:
    grant = await share(office.world, office.site, office.moon, [VIEW], user=office.bob.id)
    assert [row["title"] for row in await office.rows(as_user(office.bob))] == ["Late", "Done"]
    page = await office.report(as_user(office.bob), ReportFormat.HTML)
    assert not any(word in page for word in ("Mars", "Void", "eve", "1+1"))
    await revoke(office.world, office.site, grant)
    assert [(row["project"], row["title"]) for row in await office.rows(as_user(office.bob))] == [("", "Late")]


async def test_who_may_view_a_task_alone_is_not_told_its_project(office: Office) -> None:
    assert [(row["project"], row["title"]) for row in await office.rows(as_user(office.eve))] == [("", "Eve's")]
    page = await office.report(as_user(office.eve), ReportFormat.HTML)
    assert ("Mars" in page, "There are none that eve may view" in page) == (False, True)


async def test_who_may_view_nothing_gets_an_empty_one(office: Office) -> None:
    nobody = as_user(await office.world.user(office.site, "nobody"))
    assert await office.rows(nobody) == []
    assert "There are no tasks." in await office.report(nobody, ReportFormat.HTML)


async def test_the_permissions_are_those_of_when_it_is_made(office: Office) -> None:
    grant = await share(office.world, office.site, office.mars, [VIEW], user=office.bob.id)
    asked, of_mars = await office.ask(as_user(office.bob)), await office.ask(as_user(office.bob), project=office.mars)
    await revoke(office.world, office.site, grant)
    job = await ended(office.world, office.site, asked)
    assert "1+1" not in (await content_of(office.world, office.site, office.boss, file_of(job))).decode()
    refused = await ended(office.world, office.site, of_mars)
    assert (refused.status, refused.attempts) == (JobStatus.DEAD, 1)
    assert refused.error == "project: is not a project of this site that you may view"


async def test_a_request_that_says_it_may_does_not_make_it_so(office: Office) -> None:
    """The job asks the store what its asker may."""
    claims = as_user(office.eve, *SITE_PERMISSIONS)
    assert [row["title"] for row in await office.rows(claims)] == ["Eve's"]


async def test_it_is_refused_for_what_is_not_there_for_the_caller(office: Office) -> None:
    other = await office.world.site("other")
    theirs = await a_project(office.world, other, (await office.world.admin(other, "ada")).id)
    for by, project in ((office.boss, theirs), (as_user(office.bob), office.mars)):
        with pytest.raises(InvalidError):
            await office.ask(by, project=project)
    with pytest.raises(ForbiddenError):
        await office.ask(OPERATOR)


async def test_nothing_of_another_site_is_in_it(office: Office) -> None:
    other = await office.world.site("other")
    ada = await office.world.admin(other, "ada")
    await a_task(office.world, other, await a_project(office.world, other, ada.id, "Venus"), ada.id, title="Theirs")
    assert "Theirs" not in await office.report(office.boss)
    page = await office.report(office.boss, ReportFormat.HTML)
    assert not any(word in page for word in ("Theirs", "Venus"))
