"""An import that is broken off, on every store: what was committed stays, and nothing is done twice."""

from dataclasses import replace

import pytest

from application.files.ports import FileRepository
from application.jobs.cancel_job import CancelJob
from application.shared.jobs import LeaseLostError
from application.shared.page import PageRequest
from application.tasks.read_tasks import ListTasks
from application.tasks.views import TaskQuery
from domain.files.upload import UploadId
from domain.jobs.job import JobId, JobStatus
from entrypoints.identifiers import new_id
from entrypoints.worker.execution import ProgressBoard
from tests.contracts.access.objects import transaction
from tests.contracts.imports.desk import ImportDesk, outcome
from tests.job_ends import crash, ended, files_of, shown

LINES = "title,assignee\n" + "".join(f"Task {number},{('bob', 'eve', 'no')[number % 3]}\n" for number in range(250))
TITLES = [f"Task {number}" for number in range(250) if number % 3 != 2]


class BreakingBoard(ProgressBoard):
    """Fails at a report: after so many batches."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._left = after

    def __call__(self, done: int, total: int | None = None, note: str = "") -> None:
        super().__call__(done, total, note)
        self._left -= 1
        if not self._left:
            raise ZeroDivisionError


@pytest.mark.parametrize("after", [1, 2, 3])
async def test_a_second_run_does_what_the_first_has_not(desk: ImportDesk, after: int) -> None:
    asked = await desk.ask(await desk.file(LINES))
    await crash(desk.world, asked, BreakingBoard(after))
    committed = len(await titles_of(desk))
    assert committed == len([title for title in TITLES if int(title.split()[1]) < min(100 * after, 250)])
    job = await ended(desk.world, desk.site, asked)
    assert (job.status, outcome(job)) == (JobStatus.SUCCEEDED, (250, 167, 83))
    assert await titles_of(desk) == TITLES
    assert len(await desk.errors_in(job)) == 83


async def test_however_often_all_of_it_is_run_it_is_done_once(desk: ImportDesk) -> None:
    asked = await desk.ask(await desk.file(LINES))
    for _ in range(2):
        await crash(desk.world, asked)
    job = await ended(desk.world, desk.site, asked)
    assert (outcome(job), await titles_of(desk)) == ((250, 167, 83), TITLES)
    names = [file.name for file in await files_of(desk.world, desk.site, desk.boss)]
    assert names == ["import-errors.csv", "tasks.csv"]
    assert sorted((mail.to, mail.subject.split(" ")[0]) for mail in desk.world.mails.sent) == [
        ("bob@example.org", "84"),
        ("eve@example.org", "83"),
    ]


async def test_who_gets_tasks_is_told_once_and_who_imports_is_not(desk: ImportDesk) -> None:
    await desk.run("title,assignee\nA,bob\nB,ada\nC,eve\nD,bob\nE,\n")
    assert sorted((mail.to, mail.subject) for mail in desk.world.mails.sent) == [
        ("bob@example.org", f"2 tasks for you on {desk.world.slug('desk')}.localhost"),
        ("eve@example.org", f"1 task for you on {desk.world.slug('desk')}.localhost"),
    ]


async def test_a_dry_run_tells_nobody(desk: ImportDesk) -> None:
    job = await desk.run("title,assignee\nA,bob\n", dry_run=True)
    assert (outcome(job), await desk.titles(), desk.world.mails.sent) == ((1, 1, 0), [], [])


async def cancel(desk: ImportDesk, job_id: JobId) -> None:
    async with desk.world.acting(desk.site, desk.boss) as container:
        await (await container.get(CancelJob))(job_id=job_id)


async def test_what_was_committed_before_it_is_cancelled_stays(desk: ImportDesk) -> None:
    asked = await desk.ask(await desk.file(LINES))
    await crash(desk.world, asked, BreakingBoard(1))
    await cancel(desk, asked)
    job = await ended(desk.world, desk.site, asked)
    assert (job.status, len(await titles_of(desk))) == (JobStatus.CANCELLED, 67)


async def test_who_has_lost_the_job_opens_nothing_any_more(desk: ImportDesk) -> None:
    """It was cancelled while a worker had it: the next batch finds out, before anything of it is written."""
    asked = await desk.ask(await desk.file(LINES))
    async with desk.world.desk.claimed(asked) as (run, running):
        assert running
        await cancel(desk, asked)
        with pytest.raises(LeaseLostError):
            await run(running, ProgressBoard())
    assert (await shown(desk.world, desk.site, asked)).status is JobStatus.CANCELLED
    assert await titles_of(desk) == []


async def test_bytes_that_were_replaced_meanwhile_are_not_imported(desk: ImportDesk) -> None:
    file = await desk.file(LINES)
    asked = await desk.ask(file)
    async with transaction(desk.world, desk.site) as container:
        await (await container.get(FileRepository)).save(replace(file, upload_id=UploadId(new_id())))
    job = await ended(desk.world, desk.site, asked)
    assert (job.status, job.error) == (JobStatus.DEAD, "file: has got other bytes since the import was asked for")


async def test_a_store_that_is_away_is_tried_again(desk: ImportDesk) -> None:
    asked = await desk.ask(await desk.file(LINES))
    desk.world.objects.is_down = True
    assert (await ended(desk.world, desk.site, asked)).status is JobStatus.FAILED
    desk.world.objects.is_down = False
    desk.world.clock.advance(minutes=1)
    assert (await ended(desk.world, desk.site, asked)).status is JobStatus.SUCCEEDED


async def titles_of(desk: ImportDesk) -> list[str]:
    """In the order of the file."""
    async with desk.world.acting(desk.site, desk.boss) as container:
        query = TaskQuery(page=PageRequest(size=1000))
        found = [task.title for task in (await (await container.get(ListTasks))(query)).results]
    return sorted(found, key=lambda title: int(title.rpartition(" ")[2]))
