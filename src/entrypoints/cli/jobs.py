from dataclasses import replace
from uuid import UUID

import click
from rich.table import Table

from application.jobs.cancel_job import CancelJob
from application.jobs.read_jobs import ListJobs, ShowJob
from application.jobs.retry_job import RetryJob
from application.jobs.views import JobQuery, JobView
from application.shared.page import PageRequest
from domain.jobs.job import JobId, JobStatus, Queue
from entrypoints.cli.console import UserError, out
from entrypoints.cli.job_watch import watch_job
from entrypoints.cli.operator import acting_in, application
from entrypoints.cli.run import command
from entrypoints.settings import Settings

_PAGE = 100
_STATUSES = [status.value for status in JobStatus]
_QUEUES = [queue.value for queue in Queue]


@click.group()
def jobs() -> None:
    """List, show, retry and cancel what is done in the background."""


@jobs.command("list")
@click.option("--site", help="Slug of a site; default: of the platform and of all sites.")
@click.option("--status", type=click.Choice(_STATUSES))
@click.option("--queue", type=click.Choice(_QUEUES))
@click.option("--name", help="Like send_mail.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="So many, newest first.")
@command
async def list_(
    settings: Settings, *, site: str | None, status: str | None, queue: str | None, name: str | None, limit: int
) -> None:
    """List jobs, newest first.

    \b
    Example:
      taruvi jobs list --site acme --status dead
    """
    table = Table("id", "name", "queue", "site", "status", "attempts", "created", "error", box=None, pad_edge=False)
    query = JobQuery(
        status=JobStatus(status) if status else None, queue=Queue(queue) if queue else None, name=name, site=site
    )
    async with application(settings) as app, acting_in(app, site) as container:
        list_jobs, count = await container.get(ListJobs), 0
        for number in range(1, (limit - 1) // _PAGE + 2):
            page = await list_jobs(replace(query, page=PageRequest(number=number, size=min(limit, _PAGE))))
            count = page.count
            for job in page.results[: limit - table.row_count]:
                _add(table, job)
    if table.row_count == 0:
        out.print("there is no such job")
        return
    out.print(table)
    if count > table.row_count:
        out.print(f"the newest {table.row_count} of {count}: --limit shows more")


@jobs.command()
@click.argument("job_id", type=click.UUID)
@click.option("--watch", is_flag=True, help="Follow it until it ends; ends with 1 unless it succeeds.")
@command
async def show(settings: Settings, job_id: UUID, *, watch: bool) -> None:
    """Show one job."""
    async with application(settings) as app:
        if watch:
            job = await watch_job(app, JobId(job_id))
        else:
            async with acting_in(app) as container:
                job = await (await container.get(ShowJob))(job_id=JobId(job_id))
    _print(job)
    if watch:
        _require_success(job)


@jobs.command()
@click.argument("job_id", type=click.UUID)
@click.option("--wait", is_flag=True, help="Follow it until it ends; ends with 1 unless it succeeds.")
@command
async def retry(settings: Settings, job_id: UUID, *, wait: bool) -> None:
    """Have a job that failed, is dead or was cancelled run again, with all its attempts."""
    async with application(settings) as app:
        async with acting_in(app) as container:
            await (await container.get(RetryJob))(job_id=JobId(job_id))
        out.print(f"{job_id} runs again")
        if wait:
            _require_success(await watch_job(app, JobId(job_id)))


@jobs.command()
@click.argument("job_id", type=click.UUID)
@command
async def cancel(settings: Settings, job_id: UUID) -> None:
    """Have a job run no more; one that runs is stopped by its worker within seconds."""
    async with application(settings) as app, acting_in(app) as container:
        await (await container.get(CancelJob))(job_id=JobId(job_id))
    out.print(f"cancelled {job_id}")


def _add(table: Table, job: JobView) -> None:
    created = job.created_at.isoformat(timespec="seconds")
    error = (job.error or "").partition("\n")[0][:60]
    table.add_row(str(job.id), job.name, job.queue, job.site or "", job.status, str(job.attempts), created, error)


def _print(job: JobView) -> None:
    for name in ("id", "name", "queue", "site", "status", "attempts"):
        out.print(f"{name:<14}{getattr(job, name) or '-'}")
    out.print(f"{'progress':<14}{job.progress.done} of {job.progress.total or '?'} {job.progress.note}".rstrip())
    for name in ("created_at", "run_at", "started_at", "finished_at"):
        time = getattr(job, name)
        out.print(f"{name:<14}{time.isoformat(timespec='seconds') if time else '-'}")
    out.print(f"{'asked by':<14}{job.asked_by.label}")
    out.print(f"{'error':<14}{job.error or '-'}")
    out.print(f"{'result':<14}{job.result or '-'}")


def _require_success(job: JobView) -> None:
    if job.status is not JobStatus.SUCCEEDED:
        raise UserError(f"{job.name} is {job.status}: {job.error or 'it was stopped'}")
