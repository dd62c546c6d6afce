from dataclasses import replace
from typing import Any

import click
from dishka import AsyncContainer
from rich.table import Table

from application.jobs.schedules.change_schedule import ChangeSchedule
from application.jobs.schedules.create_schedule import CreateSchedule
from application.jobs.schedules.delete_schedule import DeleteSchedule
from application.jobs.schedules.read_schedules import FindSchedule, ListSchedules
from application.jobs.schedules.run_schedule import RunSchedule
from application.jobs.schedules.views import ScheduleQuery
from application.shared.page import PageRequest
from domain.jobs.schedule import ScheduleChanges, ScheduleId, SchedulePlan, ScheduleScope
from entrypoints.cli.console import UserError, out
from entrypoints.cli.operator import acting_in, application
from entrypoints.cli.run import command
from entrypoints.cli.schedule_options import given, shown, time_options, when
from entrypoints.settings import Settings

_PAGE = 100


@click.group()
def schedules() -> None:
    """Have jobs run at times: list, show, create, change, enable, disable, run and delete schedules."""


@schedules.command("list")
@command
async def list_(settings: Settings) -> None:
    """List schedules, by name."""
    table = Table("name", "job", "where", "when", "enabled", "last run", "next run", "runs", box=None, pad_edge=False)
    query = ScheduleQuery(page=PageRequest(size=_PAGE))
    async with application(settings) as app, acting_in(app) as container:
        list_schedules = await container.get(ListSchedules)
        while (found := await list_schedules(query)).results:
            for one in found.results:
                enabled, where = "yes" if one.is_enabled else "no", one.site or one.scope.value
                times = shown(one.last_run_at), shown(one.next_run_at)
                table.add_row(one.name, one.job, where, when(one), enabled, *times, str(one.run_count))
            query = replace(query, page=PageRequest(number=query.page.number + 1, size=_PAGE))
    if table.row_count:
        out.print(table)
    else:
        out.print("there is no schedule yet: the first `taruvi scheduler` brings those that are built in")


@schedules.command()
@click.argument("name")
@command
async def show(settings: Settings, name: str) -> None:
    """Show one schedule."""
    async with application(settings) as app, acting_in(app) as container:
        one = await (await container.get(FindSchedule))(name=name)
    for field in ("id", "name", "job", "arguments", "scope", "site", "is_enabled", "misfire", "jitter_seconds"):
        out.print(f"{field:<16}{'-' if getattr(one, field) is None else getattr(one, field)}")
    out.print(f"{'when':<16}{when(one)}")
    out.print(f"{'built in':<16}{'yes' if one.is_builtin else 'no'}")
    for field in ("last_run_at", "next_run_at"):
        out.print(f"{field:<16}{shown(getattr(one, field))}")
    out.print(f"{'run_count':<16}{one.run_count}")


@schedules.command()
@click.argument("name")
@click.option("--job", required=True, help="Like purge_jobs.")
@click.option("--site", help="In this site.")
@click.option("--all-sites", is_flag=True, help="In every active site. Default: on the platform.")
@click.option("--disabled", is_flag=True, help="Not to run before it is enabled.")
@time_options
@command
async def create(
    settings: Settings, /, *, name: str, job: str, site: str | None, all_sites: bool, disabled: bool, **options: Any
) -> None:
    """Have a job run at times to come.

    \b
    Example:
      taruvi schedules create sweep --job sweep_files --site acme --every 3600
    """
    if site and all_sites:
        raise UserError("give --site or --all-sites, not both", exit_code=2)
    scope = ScheduleScope.SITE if site else ScheduleScope.ALL_SITES if all_sites else ScheduleScope.PLATFORM
    plan = SchedulePlan(name=name, job=job, scope=scope, is_enabled=not disabled, **given(options))
    async with application(settings) as app, acting_in(app) as container:
        created = await (await container.get(CreateSchedule))(plan=plan, site=site)
    out.print(f"created {name}; it runs next: {shown(created.next_run_at)}")


@schedules.command()
@click.argument("name")
@click.option("--name", "new_name", help="Another name.")
@time_options
@command
async def change(settings: Settings, /, *, name: str, new_name: str | None, **options: Any) -> None:
    """Change what is given; the rest stays. Its times begin anew, for every scheduler within seconds."""
    changes = ScheduleChanges(**given(options) | ({"name": new_name} if new_name else {}))
    if changes == ScheduleChanges():
        raise UserError("nothing to change: taruvi schedules change --help", exit_code=2)
    await _change(settings, name, changes)


@schedules.command()
@click.argument("name")
@command
async def enable(settings: Settings, name: str) -> None:
    """Have a schedule run again, from now on."""
    await _change(settings, name, ScheduleChanges(is_enabled=True))


@schedules.command()
@click.argument("name")
@command
async def disable(settings: Settings, name: str) -> None:
    """Have a schedule run no more, until it is enabled."""
    await _change(settings, name, ScheduleChanges(is_enabled=False))


@schedules.command()
@click.argument("name")
@command
async def run(settings: Settings, name: str) -> None:
    """Have its job run now; when it runs next stays as it is."""
    async with application(settings) as app, acting_in(app) as container:
        start = await (await container.get(RunSchedule))(schedule_id=await _id(container, name))
    if start.job_id:
        out.print(f"added the job {start.job_id}; next: taruvi jobs show {start.job_id} --watch")
    else:
        out.print(f"added {start.count} jobs; next: taruvi jobs list")


@schedules.command()
@click.argument("name")
@command
async def delete(settings: Settings, name: str) -> None:
    """Delete a schedule; the jobs that it added stay. One that is built in can be disabled only."""
    async with application(settings) as app, acting_in(app) as container:
        await (await container.get(DeleteSchedule))(schedule_id=await _id(container, name), seen=None)
    out.print(f"deleted {name}")


async def _change(settings: Settings, name: str, changes: ScheduleChanges) -> None:
    async with application(settings) as app, acting_in(app) as container:
        schedule_id = await _id(container, name)
        changed = await (await container.get(ChangeSchedule))(schedule_id=schedule_id, changes=changes, seen=None)
    out.print(f"changed {changed.plan.name}; it runs next: {shown(changed.next_run_at)}")


async def _id(container: AsyncContainer, name: str) -> ScheduleId:
    return ScheduleId((await (await container.get(FindSchedule))(name=name)).id)
