"""What becomes of the lines of a file, on every store."""

from datetime import date

import pytest

from application.tasks.read_tasks import ListTasks
from application.tasks.views import TaskQuery
from domain.jobs.job import JobStatus
from domain.tasks.task import TaskPriority, TaskStatus
from tests.contracts.imports.desk import ImportDesk, errors, outcome
from tests.job_ends import allow, ended

GOOD = """title,description,status,priority,assignee,due_date,project
Paint,"two ""big""
buckets",in progress,HIGH,bob,2026-12-31,
Sand,,done,,EVE@example.org,,
Sweep,,,,,,MARS
"""


async def test_each_line_becomes_a_task(desk: ImportDesk) -> None:
    job = await desk.run(GOOD.replace("MARS", str(desk.mars.id)))
    assert (job.status, outcome(job), errors(job)) == (JobStatus.SUCCEEDED, (3, 3, 0), [])
    assert job.result
    assert job.result["errors_file"] is job.result["download"] is None
    assert (job.progress.done, job.progress.total, job.progress.note) == (3, 3, "3 made, 0 refused")
    async with desk.world.acting(desk.site, desk.boss) as container:
        sweep, sand, paint = (await (await container.get(ListTasks))(TaskQuery())).results
    assert (paint.title, paint.description) == ("Paint", 'two "big"\nbuckets')
    assert (paint.status, paint.priority, paint.assignee) == (TaskStatus.IN_PROGRESS, TaskPriority.HIGH, desk.bob.id)
    assert (paint.due_date, paint.project, paint.owner) == (date(2026, 12, 31), desk.moon.id, desk.ada.id)
    assert (sand.assignee, bool(sand.completed_at), sand.priority) == (desk.eve.id, True, TaskPriority.NORMAL)
    assert (sweep.project, sweep.assignee, sweep.status) == (desk.mars.id, None, TaskStatus.TODO)


BAD = """title,description,status,priority,assignee,due_date,project
Good,,,,,,
,,,,,,
"two
lines",,doing,highest,nobody,31.12.2026,moon
Short,,
Good too,,,,,,
,,,,,,00000000-0000-7000-8000-000000000000
Far,,,,,,00000000-0000-7000-8000-000000000000
"""
EXPECTED = [
    (3, "title", "may not be blank"),
    (4, "project", "is not the id of a project"),
    (4, "status", "is one of todo, in_progress, done, cancelled"),
    (4, "priority", "is one of low, normal, high, urgent"),
    (4, "assignee", "is not a user of this site"),
    (4, "due_date", "is not a day like 2026-12-31"),
    (4, "title", "may have no control characters"),
    (6, "line", "has 3 cells, and there are 7 columns"),
    (8, "title", "may not be blank"),
    (9, "project", "is not a project of this site that you may view"),
]


@pytest.mark.parametrize("dry_run", [False, True])
async def test_each_wrong_field_is_told_and_the_other_lines_are_done(desk: ImportDesk, *, dry_run: bool) -> None:
    job = await desk.run(BAD, dry_run=dry_run)
    assert (job.status, outcome(job)) == (JobStatus.SUCCEEDED, (7, 2, 5))
    assert errors(job) == EXPECTED
    assert await desk.errors_in(job) == [(str(line), field, text) for line, field, text in EXPECTED]
    assert job.result
    assert job.result["dry_run"] is dry_run
    assert await desk.titles() == ([] if dry_run else ["Good", "Good too"])


async def test_where_neither_a_line_nor_the_import_names_a_project_it_is_told(desk: ImportDesk) -> None:
    job = await desk.run("title\nPaint\n", project=None)
    assert errors(job) == [(2, "project", "is required: in a column, or for the whole import")]


async def test_many_errors_are_all_in_the_file_and_the_first_in_the_result(desk: ImportDesk) -> None:
    job = await desk.run("title,status\n" + "Paint,doing\n" * 230)
    assert (outcome(job), len(errors(job)), len(await desk.errors_in(job))) == ((230, 0, 230), 50, 230)


async def test_a_formula_in_an_error_is_none(desk: ImportDesk) -> None:
    """Messages of ours quote nothing of a file; whatever they do, no cell of it is run."""
    job = await desk.run('title,status\nPaint,"=cmd()"\n')
    assert all(not cell.startswith("=") for row in await desk.errors_in(job) for cell in row)


async def test_a_header_alone_makes_nothing(desk: ImportDesk) -> None:
    assert outcome(await desk.run("title\n")) == (0, 0, 0)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("Größe".encode("latin-1"), "is not UTF-8"),
        (b"\x89PNG\r\n\x1a\n\0", "is not UTF-8"),
        (b"a\0b", "NUL"),
        (b"", "is empty"),
        (b"name,status\nPaint,done\n", "has no column title"),
        (b"title,colour\nPaint,red\n", "has a column 'colour'"),
        (b"title\nPaint\n" * 150 + b"\xff\n", "is not UTF-8"),
        (b'title\nPaint\n"Sand\n', "line 3 does not end"),
        (b"title\n" + b"Paint\n" * 100_001, "has more than 100000 lines"),
    ],
    ids=["latin-1", "a picture", "nul", "nothing", "no title", "unknown", "far below", "a quote", "too many"],
)
async def test_what_is_no_csv_is_refused_as_a_whole(desk: ImportDesk, content: bytes, problem: str) -> None:
    job = await desk.run(content)
    assert (job.status, job.attempts, job.result) == (JobStatus.DEAD, 1, None)
    assert job.error
    assert job.error.startswith("file: ")
    assert problem in job.error
    assert await desk.titles() == []


async def test_where_there_is_no_room_for_the_file_of_errors_the_result_says_all_the_same(desk: ImportDesk) -> None:
    asked = await desk.ask(await desk.file('title\nPaint\n" "\n'))
    await allow(desk.world, 1)
    job = await ended(desk.world, desk.site, asked)
    assert (job.status, outcome(job)) == (JobStatus.SUCCEEDED, (2, 1, 1))
    assert errors(job) == [(3, "title", "may not be blank")]
    assert job.result
    assert job.result["errors_file"] is job.result["download"] is None
    assert await desk.titles() == ["Paint"]
