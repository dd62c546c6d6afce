from collections.abc import AsyncIterator
from uuid import UUID

import click
from dishka import AsyncContainer

from adapters.postgres.pool import FAILURES
from application.files.quarantine_file import QuarantineFile
from application.files.sweep_files import SweepFiles, Swept
from application.files.sweep_sites import SweepSites
from application.shared.page import PageRequest
from application.tenancy.read_sites import ListSites
from application.tenancy.views import SiteQuery
from domain.files.upload import FileId
from domain.shared.errors import DomainError
from domain.tenancy.site import HAVE_SCHEMAS
from entrypoints.cli.console import UserError, err, out
from entrypoints.cli.operator import acting_in, application
from entrypoints.cli.run import command, command_on_files
from entrypoints.settings import Settings

_SOME = 100
_FAILURES = (DomainError, UserError, *FAILURES)


@click.group()
def files() -> None:
    """Sweep what uploads and deletions left; keep a file in quarantine."""


@files.command()
@click.option("--site", help="This site alone; default: all, and what deleted ones left.")
@click.option("--dry-run", is_flag=True, help="Only tell what there is to do.")
@command_on_files
async def sweep(settings: Settings, *, site: str | None, dry_run: bool) -> None:
    """Give up uploads that were never completed, discard bytes that belong to nothing, count anew what is used.

    Meant for cron, every hour or so; beside running requests and other sweeps. A site that fails is told, and the
    rest go on; ends with 1 then.

    \b
    Example:
      taruvi files sweep --dry-run
    """
    failed = 0
    async with application(settings) as app:
        async for slug in _slugs(app, site):
            failed += not await _swept(app, slug, dry_run=dry_run)
        if site is None:
            await _swept_sites(app, dry_run=dry_run)
    if failed:
        raise UserError(f"{failed} sites failed; what is not done, the next sweep does")


@files.command()
@click.argument("site")
@click.argument("file_id", type=click.UUID)
@command
async def quarantine(settings: Settings, site: str, file_id: UUID) -> None:
    """Keep the bytes of a file from everybody: they are neither read nor replaced until it is released.

    A download that began, or whose URL was given out in the last minutes, goes on.
    """
    await _kept(settings, site, file_id, release=False)
    out.print(f"{file_id} is in quarantine; next: taruvi files release {site} {file_id}")


@files.command()
@click.argument("site")
@click.argument("file_id", type=click.UUID)
@command
async def release(settings: Settings, site: str, file_id: UUID) -> None:
    """Let a file out of quarantine."""
    await _kept(settings, site, file_id, release=True)
    out.print(f"{file_id} is released")


async def _kept(settings: Settings, site: str, file_id: UUID, *, release: bool) -> None:
    async with application(settings) as app, acting_in(app, site) as container:
        await (await container.get(QuarantineFile))(file_id=FileId(file_id), release=release)


async def _slugs(app: AsyncContainer, site: str | None) -> AsyncIterator[str]:
    if site is not None:
        yield site
        return
    number = 1
    while True:
        async with acting_in(app) as container:
            query = SiteQuery(page=PageRequest(number=number, size=_SOME))
            found = (await (await container.get(ListSites))(query)).results
        for one in found:
            if one.status in HAVE_SCHEMAS:
                yield one.slug
        if len(found) < _SOME:
            return
        number += 1


async def _swept(app: AsyncContainer, slug: str, *, dry_run: bool) -> bool:
    """Whether it went well; each site in a container of its own."""
    try:
        async with acting_in(app, slug) as container:
            swept = await (await container.get(SweepFiles))(only_look=dry_run)
    except _FAILURES as error:
        err.print(f"{slug}: {error}")
        return False
    if swept != Swept():
        uploads, orphans = f"{swept.expired} uploads given up", f"{swept.orphans} orphans discarded"
        out.print(f"{slug}: {uploads}, {orphans}, {swept.recounted:+} bytes too many in the count")
    return True


async def _swept_sites(app: AsyncContainer, *, dry_run: bool) -> None:
    async with acting_in(app) as container:
        swept = await (await container.get(SweepSites))(only_look=dry_run)
    for site_id in swept.unknown:
        err.print(f"the store has files of {site_id}, which was never a site of this platform: they are left alone")
    what = "to do" if dry_run else "done"
    out.print(f"{what}: {len(swept.discarded)} deleted sites discarded, {swept.recounted} organizations counted anew")
