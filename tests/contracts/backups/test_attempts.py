"""What an attempt finds that comes later than what it was asked for, or after one that was killed, on each store."""

from datetime import timedelta

import pytest

from application.backups.ask_for_backup import AskForBackup
from application.backups.ask_for_copy import AskForCopy
from application.backups.ask_for_restore import AskForRestore
from application.backups.asking import Asked
from application.backups.expire_backups import ExpireBackups
from application.backups.ports import BackupRepository
from application.backups.restoring import Rebuilding, scratch_name
from application.backups.schema_ports import SchemaBuilding
from application.backups.site_closing import SiteClosing
from application.backups.taking import BackupEnding
from application.jobs.cancel_job import CancelJob
from application.jobs.ports import JobLeases, RunningJob
from application.jobs.read_jobs import ShowJob
from application.jobs.retry_job import RetryJob
from application.jobs.views import JobView
from application.shared.jobs import Progress
from application.shared.ports import UnitOfWork
from application.tenancy.read_sites import ShowSite
from application.tenancy.remove_member import RemoveMember
from application.tenancy.suspend_site import SuspendSite
from domain.backups.backup import BackupId, BackupKind, BackupStatus
from domain.jobs.job import JobId, JobStatus
from domain.shared.caller import Caller
from domain.tenancy.membership import MemberRole
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import SiteRole
from entrypoints.worker.execution import ProgressBoard
from tests.world import OPERATOR, World


async def ask(world: World, site: SiteScope, kind: BackupKind, caller: Caller = OPERATOR) -> Asked:
    async with world.acting(caller=caller) as container:
        asked: Asked = await (await container.get(AskForBackup))(slug=site.slug, kind=kind)
    return asked


async def ask_for_restore(world: World, site: SiteScope, backup_id: BackupId, caller: Caller = OPERATOR) -> Asked:
    async with world.acting(caller=caller) as container:
        restore = await container.get(AskForRestore)
        asked: Asked = await restore(slug=site.slug, backup_id=backup_id, confirm=site.slug)
    return asked


async def ask_for_clone(world: World, site: SiteScope, caller: Caller) -> Asked:
    async with world.acting(caller=caller) as container:
        clone, new = await container.get(AskForCopy), world.slug("clone")
        asked: Asked = await clone(slug=site.slug, new_slug=new, name="Clone", role=SiteRole.TESTING)
    return asked


async def leave(world: World, owner: Caller) -> None:
    assert owner.user_id
    async with world.acting() as container:
        await (await container.get(RemoveMember))(organization=world.organization, user_id=owner.user_id, seen=None)


async def job(world: World, job_id: JobId | None) -> JobView:
    assert job_id
    async with world.acting() as container:
        shown: JobView = await (await container.get(ShowJob))(job_id=job_id)
    return shown


async def status(world: World, slug: str) -> str:
    async with world.acting() as container:
        return str((await (await container.get(ShowSite))(slug=slug)).status)


async def backup_status(world: World, backup_id: BackupId) -> BackupStatus:
    async with world.acting() as container, await container.get(UnitOfWork):
        return BackupStatus((await (await container.get(BackupRepository)).get(backup_id)).status)


@pytest.fixture
async def owner(world: World) -> Caller:
    """One of two."""
    await world.member(MemberRole.OWNER, "stays")
    return await world.member(MemberRole.OWNER, "leaves")


@pytest.mark.parametrize("kind", [BackupKind.ARCHIVE, BackupKind.EXPORT])
async def test_who_is_no_owner_any_more_has_nothing_put_away_or_exported(
    world: World, owner: Caller, kind: BackupKind
) -> None:
    site = await world.site()
    asked = await ask(world, site, kind, owner)
    await leave(world, owner)
    await world.settle()
    refused = await job(world, asked.job_id)
    assert (refused.status, refused.attempts) == (JobStatus.DEAD, 1)
    assert "there is no organization" in str(refused.error)
    assert await status(world, site.slug) == "active"
    assert await backup_status(world, asked.backup_id) is BackupStatus.FAILED


async def test_who_is_no_owner_any_more_restores_nothing(world: World, owner: Caller) -> None:
    site = await world.site()
    taken = await ask(world, site, BackupKind.BACKUP)
    await world.settle()
    await world.admin(site)
    asked = await ask_for_restore(world, site, taken.backup_id, owner)
    await leave(world, owner)
    await world.settle()
    assert (await job(world, asked.job_id)).status is JobStatus.DEAD
    assert asked.previous_id
    assert await backup_status(world, asked.previous_id) is BackupStatus.FAILED


async def test_who_is_no_owner_any_more_clones_nothing(world: World, owner: Caller) -> None:
    site = await world.site()
    asked = await ask_for_clone(world, site, owner)
    await leave(world, owner)
    await world.settle()
    assert (await job(world, asked.job_id)).status is JobStatus.DEAD
    assert await status(world, world.slug("clone")) == "provisioning"
    assert await backup_status(world, asked.backup_id) is BackupStatus.FAILED


async def test_asking_for_the_old_job_again_does_not_help(world: World, owner: Caller) -> None:
    site = await world.site()
    asked = await ask(world, site, BackupKind.ARCHIVE, owner)
    assert asked.job_id
    async with world.acting(caller=owner) as container:
        await (await container.get(CancelJob))(job_id=asked.job_id)
    await leave(world, owner)
    async with world.acting(caller=owner) as container:
        await (await container.get(RetryJob))(job_id=asked.job_id)
    await world.settle()
    assert (await job(world, asked.job_id)).status is JobStatus.DEAD
    assert await status(world, site.slug) == "active"


async def test_an_owner_has_it_tried_again(world: World, owner: Caller) -> None:
    site = await world.site()
    asked = await ask(world, site, BackupKind.ARCHIVE, owner)
    assert asked.job_id
    async with world.acting(caller=owner) as container:
        await (await container.get(CancelJob))(job_id=asked.job_id)
        await (await container.get(RetryJob))(job_id=asked.job_id)
    await world.settle()
    assert await status(world, site.slug) == "archived"


async def killed_when_it_had_closed(world: World, site: SiteScope, job_id: JobId | None) -> None:
    assert job_id
    async with world.desk.claimed(job_id) as (execution, running):
        assert running
        async with execution.app(context={RunningJob: running, Progress: ProgressBoard()}) as container:
            assert await (await container.get(SiteClosing)).close(site.site_id)
        leases = await execution.app.get(JobLeases)
        assert await leases.finish(running.job.hand_back(at=world.clock()), running.lease)


async def test_a_site_that_a_killed_attempt_closed_opens_where_the_next_one_fails(world: World) -> None:
    site = await world.site()
    taken = await ask(world, site, BackupKind.BACKUP)
    await world.settle()
    damage(world, taken.backup_id)
    asked = await ask_for_restore(world, site, taken.backup_id)
    await killed_when_it_had_closed(world, site, asked.job_id)
    assert await status(world, site.slug) == "suspended"
    await world.settle()
    assert (await job(world, asked.job_id)).status is JobStatus.DEAD
    assert await status(world, site.slug) == "active"


async def test_a_site_that_somebody_else_closed_stays_closed(world: World) -> None:
    site = await world.site()
    taken = await ask(world, site, BackupKind.BACKUP)
    await world.settle()
    damage(world, taken.backup_id)
    asked = await ask_for_restore(world, site, taken.backup_id)
    async with world.acting() as container:
        await (await container.get(SuspendSite))(slug=site.slug, seen=None)
    await world.settle()
    assert (await job(world, asked.job_id)).status is JobStatus.DEAD
    assert await status(world, site.slug) == "suspended"


async def test_a_killed_attempt_is_followed_by_one_that_puts_the_site_away(world: World) -> None:
    site = await world.site()
    asked = await ask(world, site, BackupKind.ARCHIVE)
    await killed_when_it_had_closed(world, site, asked.job_id)
    await world.settle()
    assert await status(world, site.slug) == "archived"


async def test_what_a_restore_built_that_failed_for_good_goes_after_a_while(world: World) -> None:
    site = await world.site()
    taken = await ask(world, site, BackupKind.BACKUP)
    await world.settle()
    async with world.acting() as container:
        backup = await (await container.get(BackupEnding)).find(taken.backup_id)
        found = await (await container.get(SiteClosing)).find(site.site_id)
        left = await (await container.get(Rebuilding))(backup, found, keeps_sessions=False)
        building, expire = await container.get(SchemaBuilding), await container.get(ExpireBackups)
        world.clock.advance(days=1)
        assert (await expire()).schemas == 0
        world.clock.advance(days=2)
        assert left in await building.built_before(world.clock())
        assert (await expire()).schemas >= 1
        assert left not in await building.built_before(world.clock())
        assert (await expire()).schemas == 0


async def test_what_took_the_place_of_a_site_does_not_go(world: World) -> None:
    site = await world.site()
    taken = await ask(world, site, BackupKind.BACKUP)
    await world.settle()
    await ask_for_restore(world, site, taken.backup_id)
    await world.settle()
    async with world.acting() as container:
        left = await (await container.get(SchemaBuilding)).built_before(world.clock() + timedelta(days=1))
    assert not {site.schema, scratch_name(taken.backup_id, site.site_id)} & {*left}
    await world.admin(site)


def damage(world: World, backup_id: BackupId) -> None:
    (key,) = [one for one in world.objects.parts if one[1] == backup_id and one[2].endswith("-dump")]
    world.objects.parts[key] = world.objects.parts[key][:-1]
