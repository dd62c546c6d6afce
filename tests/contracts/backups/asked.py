"""What the tests of attempts at backups ask for, and look at afterwards."""

from application.backups.ask_for_backup import AskForBackup
from application.backups.ask_for_restore import AskForRestore
from application.backups.asking import Asked
from application.backups.ports import BackupRepository
from application.backups.settle_backups import SettleBackups, SettledBackups
from application.jobs.read_jobs import ShowJob
from application.jobs.views import JobView
from application.shared.ports import UnitOfWork
from application.tenancy.read_sites import ShowSite
from domain.backups.backup import BackupId, BackupKind, BackupStatus
from domain.jobs.job import JobId
from domain.shared.caller import Caller
from domain.tenancy.scope import SiteScope
from tests.world import OPERATOR, World


async def ask(world: World, site: SiteScope, kind: BackupKind, caller: Caller = OPERATOR) -> Asked:
    async with world.acting(caller=caller) as container:
        asked: Asked = await (await container.get(AskForBackup))(slug=site.slug, kind=kind)
    return asked


async def a_site_with_a_backup(world: World) -> tuple[SiteScope, BackupId]:
    site = await world.site()
    taken = await ask(world, site, BackupKind.BACKUP)
    await world.settle()
    return site, taken.backup_id


async def ask_for_restore(world: World, site: SiteScope, backup_id: BackupId, caller: Caller = OPERATOR) -> Asked:
    async with world.acting(caller=caller) as container:
        restore = await container.get(AskForRestore)
        asked: Asked = await restore(slug=site.slug, backup_id=backup_id, confirm=site.slug)
    return asked


async def job(world: World, job_id: JobId | None) -> JobView:
    assert job_id
    async with world.acting() as container:
        shown: JobView = await (await container.get(ShowJob))(job_id=job_id)
    return shown


async def settle(world: World) -> SettledBackups:
    """As a schedule does every minute."""
    async with world.acting() as container:
        settled: SettledBackups = await (await container.get(SettleBackups))()
    return settled


async def backup_status(world: World, backup_id: BackupId | None) -> BackupStatus:
    assert backup_id
    async with world.acting() as container, await container.get(UnitOfWork):
        return BackupStatus((await (await container.get(BackupRepository)).get(backup_id)).status)


async def status(world: World, slug: str) -> str:
    async with world.acting() as container:
        return str((await (await container.get(ShowSite))(slug=slug)).status)


def damage(world: World, backup_id: BackupId) -> None:
    (key,) = [one for one in world.objects.parts if one[1] == backup_id and one[2].endswith("-dump")]
    world.objects.parts[key] = world.objects.parts[key][:-1]
