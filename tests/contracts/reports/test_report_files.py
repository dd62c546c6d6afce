"""What becomes of the files of reports, on every store."""

import pytest

from application.access.grant_views import SEES_ALL
from application.reports.report_contents import ReportSources
from application.reports.views import ReportTerms
from domain.jobs.job import JobStatus
from tests.contracts.access.objects import a_project
from tests.contracts.reports.office import Office
from tests.job_ends import as_user, crash, ended, file_of, files_of, kept


async def test_the_file_is_the_askers_own(office: Office) -> None:
    await office.report(as_user(office.eve))
    (file,) = await files_of(office.world, office.site, as_user(office.eve))
    assert (file.owner, file.created_by, file.content_type) == (office.eve.id, office.eve.id, "text/csv")
    assert file.name == f"report-{office.world.clock():%Y-%m-%d}.csv"
    assert await files_of(office.world, office.site, as_user(office.bob)) == []


async def test_however_often_it_is_run_there_is_one_file(office: Office) -> None:
    asked = await office.ask(office.boss)
    for _ in range(2):
        await crash(office.world, asked)
    job = await ended(office.world, office.site, asked)
    files = await files_of(office.world, office.site, office.boss)
    assert (job.status, [str(file.id) for file in files]) == (JobStatus.SUCCEEDED, [file_of(job)])
    assert await kept(office.world, office.site) == [files[0].upload_id]


@pytest.mark.parametrize("room", [0, 100])
async def test_where_there_is_no_room_nothing_stays(office: Office, room: int) -> None:
    await office.allow(room)
    job = await ended(office.world, office.site, await office.ask(office.boss))
    assert (job.status, job.attempts, job.result) == (JobStatus.DEAD, 1, None)
    assert job.error == "the organization has no room for so many bytes more"
    assert await files_of(office.world, office.site, office.boss) == []
    assert await kept(office.world, office.site) == []


async def test_its_bytes_count_for_the_plan(office: Office) -> None:
    size = len(await office.report(office.boss))
    await office.allow(2 * size)
    await office.report(office.boss)
    job = await ended(office.world, office.site, await office.ask(office.boss))
    assert job.status is JobStatus.DEAD


async def test_a_store_that_is_away_is_tried_again(office: Office) -> None:
    asked = await office.ask(office.boss)
    office.world.objects.is_down = True
    assert (await ended(office.world, office.site, asked)).status is JobStatus.FAILED
    office.world.objects.is_down = False
    office.world.clock.advance(minutes=1)
    assert (await ended(office.world, office.site, asked)).status is JobStatus.SUCCEEDED


async def test_all_batches_are_in_it(office: Office) -> None:
    """More tasks and projects than are read at once, many of the same name."""
    for number in range(3):
        await a_project(office.world, office.site, office.ada.id, f"Same {number % 2}")
    async with office.world.acting(office.site, office.boss) as container:
        sources: ReportSources = await container.get(ReportSources)
        terms = ReportTerms(projects=SEES_ALL, tasks=SEES_ALL, project=None, today=office.world.clock().date())
        names, titles = [], []
        project = task = None
        while found := await sources.reader.projects(terms, project, 2):
            names += [one.name for one in found]
            project = found[-1]
        while lines := await sources.reader.tasks(terms, task, 3):
            titles += [one.title for one in lines]
            task = lines[-1]
    assert names == ["Mars", "Moon", "Same 0", "Same 0", "Same 1", "Void"]
    assert titles == ["Late", "Done", "=1+1", "Eve's"]
