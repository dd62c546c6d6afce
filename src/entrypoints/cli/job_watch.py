"""Following a job: a bar on a terminal, a line for each change elsewhere."""

import asyncio
from typing import Final

from dishka import AsyncContainer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from application.jobs.read_jobs import ShowJob
from application.jobs.views import JobView
from domain.jobs.job import ENDED, JobId
from entrypoints.cli.console import err
from entrypoints.cli.operator import acting_in

_PAUSE: Final = 0.5


async def watch_job(app: AsyncContainer, job_id: JobId) -> JobView:
    """The job as it ended."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, disable=not err.is_terminal) as bar:
        line, task = "", bar.add_task("…", total=None)
        while True:
            job = await _look(app, job_id)
            bar.update(task, description=_told(job), completed=job.progress.done, total=job.progress.total)
            if not err.is_terminal and line != (line := _line(job)):
                err.print(line)
            if job.status in ENDED:
                return job
            await asyncio.sleep(_PAUSE)


async def _look(app: AsyncContainer, job_id: JobId) -> JobView:
    async with acting_in(app) as container:
        return await (await container.get(ShowJob))(job_id=job_id)


def _told(job: JobView) -> str:
    return f"{job.name} {job.status} {job.progress.note}".rstrip()


def _line(job: JobView) -> str:
    if job.progress.total is None and not job.progress.done:
        return _told(job)
    return f"{_told(job)}: {job.progress.done} of {job.progress.total or '?'}"
