"""Backups from the command line: what over HTTP a job does is done at once here, with a bar."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import click
from dishka import AsyncContainer
from rich.table import Table

from application.backups.archive_site import ArchiveSite
from application.backups.ask_for_backup import AskForBackup
from application.backups.ask_for_copy import AskForCopy
from application.backups.ask_for_restore import AskForRestore, AskForUnarchive
from application.backups.back_up_site import BackUpSite
from application.backups.clone_site import CloneSite
from application.backups.expire_backups import ExpireBackups
from application.backups.export_site import ExportSite
from application.backups.read_backups import DownloadExport, ListBackups
from application.backups.restore_site import RestoreSite
from application.backups.taking import BackupEnding
from application.backups.views import BackupQuery
from application.shared.page import PageRequest
from application.tenancy.read_sites import ShowSite
from domain.backups.backup import BackupId, BackupKind
from domain.tenancy.site import SiteRole, SiteStatus
from entrypoints.cli.console import out
from entrypoints.cli.live_progress import AtOnce, ShownProgress
from entrypoints.cli.operator import acting_in, application
from entrypoints.cli.run import command_on_files
from entrypoints.settings import Settings

_ALL = 100
_ROLES = [role.value for role in SiteRole]


@asynccontextmanager
async def _at_once(settings: Settings) -> AsyncIterator[AsyncContainer]:
    progress = ShownProgress()
    async with application(settings, AtOnce(progress)) as app, acting_in(app) as container:
        with progress.shown():
            yield container


@asynccontextmanager
async def _failing(container: AsyncContainer, backup_id: BackupId | None) -> AsyncIterator[None]:
    """What fails before that backup is begun leaves nobody who would take it."""
    try:
        yield
    except Exception as error:
        if backup_id:
            ending = await container.get(BackupEnding)
            await ending.fail(await ending.find(backup_id), error)
        raise


@click.command()
@click.argument("slug")
@command_on_files
async def backup(settings: Settings, slug: str) -> None:
    """Take a backup of a site, and read it back. The site goes on meanwhile.

    \b
    Example:
      taruvi sites backup acme-berlin
    """
    async with _at_once(settings) as container:
        asked = await (await container.get(AskForBackup))(slug=slug, kind=BackupKind.BACKUP, queued=False)
        await (await container.get(BackUpSite))(backup_id=asked.backup_id)
    out.print(f"backed up {slug}: {asked.backup_id}")
    out.print(f"next: taruvi sites restore {slug} {asked.backup_id} --as a-new-slug")


@click.command()
@click.argument("slug")
@command_on_files
async def archive(settings: Settings, slug: str) -> None:
    """Put a site away: its data is in the object store alone until it is unarchived."""
    async with _at_once(settings) as container:
        asked = await (await container.get(AskForBackup))(slug=slug, kind=BackupKind.ARCHIVE, queued=False)
        await (await container.get(ArchiveSite))(backup_id=asked.backup_id)
    out.print(f"archived {slug}: {asked.backup_id}")
    out.print(f"next: taruvi sites unarchive {slug}")


@click.command()
@click.argument("slug")
@command_on_files
async def unarchive(settings: Settings, slug: str) -> None:
    """Have an archived site come back as it was."""
    async with _at_once(settings) as container:
        asked = await (await container.get(AskForUnarchive))(slug=slug, queued=False)
        restore_site = await container.get(RestoreSite)
        await restore_site(backup_id=asked.backup_id, site_id=asked.site_id, as_it_was=True)
    out.print(f"unarchived {slug}")


@click.command()
@click.argument("slug")
@click.argument("backup_id", type=click.UUID)
@click.option("--confirm", help="The slug once more; asked for if it is left out and data is replaced.")
@click.option("--as", "new_slug", help="Make a new site of it, of this slug.")
@click.option("--name", help="Of the new site; default: its slug.")
@click.option("--role", type=click.Choice(_ROLES), default=SiteRole.STAGING.value, show_default=True)
@command_on_files
async def restore(
    settings: Settings, *, slug: str, backup_id: UUID, confirm: str | None, new_slug: str | None, name: str, role: str
) -> None:
    """Bring a backup of a site back: into the site, or as a new one.

    What the site has now is backed up first, and replaced only when all that comes is there.

    \b
    Examples:
      taruvi sites backups acme
      taruvi sites restore acme 01890a5d-ac96-774b-bcce-b302099a8057
      taruvi sites restore acme 01890a5d-… --as acme-drill
    """
    if not (new_slug or confirm or await _is_archived(settings, slug)):
        confirm = click.prompt(f"this replaces all data of the site; type {slug!r}")
    async with _at_once(settings) as container:
        if new_slug:
            ask: dict[str, Any] = {"new_slug": new_slug, "name": name or new_slug, "role": SiteRole(role)}
            asked = await (await container.get(AskForCopy))(
                slug=slug, backup_id=BackupId(backup_id), queued=False, **ask
            )
        else:
            ask_for_restore = await container.get(AskForRestore)
            asked = await ask_for_restore(slug=slug, backup_id=BackupId(backup_id), confirm=confirm or "", queued=False)
        restore_site = await container.get(RestoreSite)
        async with _failing(container, asked.previous_id):
            await restore_site(backup_id=asked.backup_id, site_id=asked.site_id, previous_id=asked.previous_id)
    out.print(f"restored {new_slug or slug} from {backup_id}")
    if asked.previous_id:
        out.print(f"what it had before is backup {asked.previous_id}")


async def _is_archived(settings: Settings, slug: str) -> bool:
    async with _at_once(settings) as container:
        return (await (await container.get(ShowSite))(slug=slug)).status is SiteStatus.ARCHIVED


@click.command()
@click.argument("slug")
@click.argument("new_slug")
@click.option("--name", help="Default: the new slug.")
@click.option("--role", type=click.Choice(_ROLES), default=SiteRole.STAGING.value, show_default=True)
@command_on_files
async def clone(settings: Settings, slug: str, new_slug: str, name: str | None, role: str) -> None:
    """Make a new site with all that another has now. Nobody is signed in there."""
    async with _at_once(settings) as container:
        asked = await (await container.get(AskForCopy))(
            slug=slug, new_slug=new_slug, name=name or new_slug, role=SiteRole(role), queued=False
        )
        await (await container.get(CloneSite))(backup_id=asked.backup_id, site_id=asked.site_id)
    out.print(f"cloned {slug} to {new_slug}")


@click.command()
@click.argument("slug")
@command_on_files
async def export(settings: Settings, slug: str) -> None:
    """Write all that a site has into a zip: JSON Lines and files, without secrets. Tells where it can be fetched."""
    async with _at_once(settings) as container:
        asked = await (await container.get(AskForBackup))(slug=slug, kind=BackupKind.EXPORT, queued=False)
        await (await container.get(ExportSite))(backup_id=asked.backup_id)
        url = await (await container.get(DownloadExport))(slug=slug, backup_id=asked.backup_id)
    out.print(f"exported {slug}: {asked.backup_id}")
    out.print(url)


@click.command()
@click.argument("slug")
@command_on_files
async def backups(settings: Settings, slug: str) -> None:
    """List the backups, archives and exports of a site."""
    table = Table("id", "kind", "status", "taken", "rows", "files", "MiB", "until", box=None, pad_edge=False)
    async with _at_once(settings) as container:
        query = BackupQuery(page=PageRequest(size=_ALL))
        found = await (await container.get(ListBackups))(slug=slug, query=query)
    for one in found.results:
        until = f"{one.expires_at:%Y-%m-%d}" if one.expires_at else ""
        taken, size = f"{one.created_at:%Y-%m-%d %H:%M}", f"{(one.size + one.file_bytes) / (1 << 20):.1f}"
        table.add_row(str(one.id), one.kind, one.status, taken, str(one.rows), str(one.files), size, until)
    out.print(table if found.count else f"there is no backup yet: taruvi sites backup {slug}")


@click.command("expire-backups")
@command_on_files
async def expire(settings: Settings) -> None:
    """Give up what has been kept long enough, of every site. Meant for cron where no schedule does it."""
    async with _at_once(settings) as container:
        expired = await (await container.get(ExpireBackups))()
    out.print(f"{expired.backups} backups given up, and {expired.files} files that none needs any more")
    if expired.schemas:
        out.print(f"{expired.schemas} schemas dropped that restores had left which failed")


COMMANDS = (backup, restore, archive, unarchive, export, clone, backups, expire)
