"""Who may import what where, on every store."""

from uuid import uuid4

import pytest

from domain.files.file import FileStatus
from domain.files.upload import Place
from domain.jobs.job import JobStatus
from domain.shared.caller import NotPermittedError
from domain.shared.errors import ForbiddenError, InvalidError
from domain.shared.grantable import ObjectPermission
from tests.contracts.access.objects import a_project, revoke, share
from tests.contracts.imports.desk import ImportDesk, errors, outcome
from tests.job_ends import a_file, as_user, ended, files_of
from tests.world import OPERATOR

VIEW, CHANGE = ObjectPermission.VIEW, ObjectPermission.CHANGE
LINES = "title\nPaint\n"


async def test_who_may_change_a_project_imports_into_it(desk: ImportDesk) -> None:
    await share(desk.world, desk.site, desk.moon, [VIEW, CHANGE], user=desk.bob.id)
    job = await ended(desk.world, desk.site, await desk.ask(await desk.file(LINES, desk.bob), as_user(desk.bob)))
    assert (job.status, outcome(job)) == (JobStatus.SUCCEEDED, (1, 1, 0))
    assert await desk.titles() == ["Paint"]


async def test_who_may_view_it_alone_does_not(desk: ImportDesk) -> None:
    await share(desk.world, desk.site, desk.moon, [VIEW], user=desk.bob.id)
    file = await desk.file(LINES, desk.bob)
    with pytest.raises(NotPermittedError):
        await desk.ask(file, as_user(desk.bob))
    content = f"title,project\nPaint,{desk.moon.id}\nSand,{desk.mars.id}\n"
    asked = await desk.ask(await desk.file(content, desk.bob), as_user(desk.bob), project=None)
    job = await ended(desk.world, desk.site, asked)
    assert errors(job) == [
        (2, "project", "this needs the permission to change this project"),
        (3, "project", "is not a project of this site that you may view"),
    ]
    assert len(await desk.errors_in(job, as_user(desk.bob))) == 2
    assert [file.name for file in await files_of(desk.world, desk.site, as_user(desk.bob))] == [
        "import-errors.csv",
        "tasks.csv",
        "tasks.csv",
    ]
    assert await desk.titles() == []


async def test_what_was_withdrawn_since_it_was_asked_for_counts(desk: ImportDesk) -> None:
    grant = await share(desk.world, desk.site, desk.moon, [VIEW, CHANGE], user=desk.bob.id)
    asked = await desk.ask(await desk.file(LINES, desk.bob), as_user(desk.bob))
    await revoke(desk.world, desk.site, grant)
    job = await ended(desk.world, desk.site, asked)
    assert (outcome(job), [field for _, field, _ in errors(job)]) == ((1, 0, 1), ["project"])


async def test_a_file_must_be_one_that_the_caller_may_view(desk: ImportDesk) -> None:
    await share(desk.world, desk.site, desk.moon, [VIEW, CHANGE], user=desk.bob.id)
    with pytest.raises(InvalidError, match="is not a file of this site that you may view"):
        await desk.ask(await desk.file(LINES), as_user(desk.bob))
    in_moon = await desk.file(LINES, place=Place(project=desk.moon.id))
    job = await ended(desk.world, desk.site, await desk.ask(in_moon, as_user(desk.bob)))
    assert outcome(job) == (1, 1, 0)


async def test_nothing_of_another_site_is_taken_or_touched(desk: ImportDesk) -> None:
    other = await desk.world.site("other")
    ada = await desk.world.admin(other, "ada")
    theirs, file = await a_project(desk.world, other, ada.id), await a_file(desk.world, other, ada, LINES.encode())
    with pytest.raises(InvalidError):
        await desk.ask(file)
    with pytest.raises(InvalidError):
        await desk.ask(await desk.file(LINES), project=theirs.id)
    job = await desk.run(f"title,project\nPaint,{theirs.id}\n")
    assert errors(job) == [(2, "project", "is not a project of this site that you may view")]


async def test_a_file_in_quarantine_or_too_large_is_not_taken(desk: ImportDesk) -> None:
    file = await desk.file(LINES, status=FileStatus.QUARANTINED)
    with pytest.raises(InvalidError, match="is quarantined"):
        await desk.ask(file)
    with pytest.raises(InvalidError, match="has more than"):
        await desk.ask(await desk.file(bytes((32 << 20) + 1)))


async def test_only_a_user_imports(desk: ImportDesk) -> None:
    with pytest.raises(ForbiddenError):
        await desk.ask(await desk.file(LINES), OPERATOR)
    with pytest.raises(InvalidError):
        await desk.ask(await desk.file(LINES), project=uuid4())
