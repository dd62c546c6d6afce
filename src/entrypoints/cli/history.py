import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Final

import asyncpg
import click
from dishka import AsyncContainer

from application.audit.prune_history import PlanPruning, PruneHistory
from application.shared.page import PageRequest
from application.tenancy.read_sites import ListSites
from application.tenancy.views import SiteQuery
from domain.audit.entry import YOUNGEST
from domain.tenancy.site import HAVE_SCHEMAS
from entrypoints.cli.console import UserError, err, out
from entrypoints.cli.operator import acting_in, application
from entrypoints.cli.run import command
from entrypoints.settings import Settings

_AT_ONCE: Final = 5000
"""Entries that one transaction deletes: it takes well under a second, and what was done stays done."""
_SITES: Final = 100
_AGE: Final = re.compile(r"([0-9]{1,5})d")


@click.group()
def history() -> None:
    """Prune the history of changes."""


@history.command()
@click.option("--older-than", help="An age in days, like 365d. Default: TARUVI_HISTORY_RETENTION_DAYS.")
@click.option("--site", help="Of this site alone; default: of the platform and of every site.")
@click.option("--dry-run", is_flag=True, help="Only say how many there are.")
@command
async def prune(settings: Settings, *, older_than: str | None, site: str | None, dry_run: bool) -> None:
    """Delete what the history has of changes older than that. It may be stopped at any time and run again.

    What is kept can still be asked for with as_of and reverted to. Ends with 1 if a site could not be pruned; the
    others are. Meant for cron, every night or so.

    \b
    Example:
      taruvi history prune --older-than 365d --dry-run
    """
    age = _age(older_than, settings)
    async with application(settings) as app:
        slugs = [site] if site else [None, *await _slugs(app)]
        failed = await each(slugs, lambda slug: _prune(app, slug, age, dry_run=dry_run))
    if failed:
        raise UserError(f"not pruned: {', '.join(failed)}")


async def each(slugs: Iterable[str | None], run: Callable[[str | None], Awaitable[None]]) -> list[str]:
    """The names of those where it failed, each of which is told; the others are done."""
    failed = []
    for slug in slugs:
        name = slug or "the platform"
        try:
            await run(slug)
        except (asyncpg.PostgresError, TimeoutError, UserError) as error:
            err.print(f"{name}: {str(error) or 'it took too long'}")
            failed.append(name)
    return failed


async def _prune(app: AsyncContainer, slug: str | None, age: timedelta, *, dry_run: bool) -> None:
    """Each part in a transaction of its own."""
    name = slug or "the platform"
    async with acting_in(app, slug) as container:
        plan = await (await container.get(PlanPruning))(older_than=age)
        if dry_run:
            out.print(f"{name}: {plan.count} entries from before {plan.before.isoformat(timespec='seconds')}")
            return
        prune_history, done = await container.get(PruneHistory), 0
        while plan.count and (removed := await prune_history(plan=plan, at_most=_AT_ONCE)):
            done += removed
            if done < plan.count:
                err.print(f"{name}: {done} of {plan.count}")
    out.print(f"{name}: deleted {done} entries from before {plan.before.isoformat(timespec='seconds')}")


async def _slugs(app: AsyncContainer) -> list[str]:
    query, slugs = SiteQuery(page=PageRequest(size=_SITES)), list[str]()
    async with acting_in(app) as container:
        list_sites = await container.get(ListSites)
        while found := (await list_sites(query)).results:
            slugs += [site.slug for site in found if site.status in HAVE_SCHEMAS]
            query = replace(query, page=PageRequest(number=query.page.number + 1, size=_SITES))
    return slugs


def _age(given: str | None, settings: Settings) -> timedelta:
    if given is None and settings.history_retention_days:
        return timedelta(days=settings.history_retention_days)
    found = _AGE.fullmatch(given or "")
    if found is None or (age := timedelta(days=int(found[1]))) < YOUNGEST:
        raise UserError(f"--older-than is an age in days, {YOUNGEST.days}d or more, like 365d", exit_code=2)
    return age
