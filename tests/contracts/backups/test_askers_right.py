"""Who may not have it done any more when it is done, on each store."""

import pytest

from application.backups.ask_for_copy import AskForCopy
from application.backups.asking import Asked
from application.jobs.cancel_job import CancelJob
from application.jobs.retry_job import RetryJob
from application.tenancy.remove_member import RemoveMember
from domain.backups.backup import BackupKind, BackupStatus
from domain.jobs.job import JobStatus
from domain.shared.caller import Caller
from domain.tenancy.membership import MemberRole
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import SiteRole
from tests.contracts.backups.asked import a_site_with_a_backup, ask, ask_for_restore, backup_status, job, settle, status
from tests.world import World


async def ask_for_clone(world: World, site: SiteScope, caller: Caller) -> Asked:
    async with world.acting(caller=caller) as container:
        clone, new = await container.get(AskForCopy), world.slug("clone")
        asked: Asked = await clone(slug=site.slug, new_slug=new, name="Clone", role=SiteRole.TESTING)
    return asked


async def leave(world: World, owner: Caller) -> None:
    assert owner.user_id
    async with world.acting() as container:
        await (await container.get(RemoveMember))(organization=world.organization, user_id=owner.user_id, seen=None)


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
    await settle(world)
    assert await backup_status(world, asked.backup_id) is BackupStatus.FAILED


async def test_who_is_no_owner_any_more_restores_nothing(world: World, owner: Caller) -> None:
    site, backup_id = await a_site_with_a_backup(world)
    await world.admin(site)
    asked = await ask_for_restore(world, site, backup_id, owner)
    await leave(world, owner)
    await world.settle()
    assert (await job(world, asked.job_id)).status is JobStatus.DEAD
    await settle(world)
    assert await backup_status(world, asked.previous_id) is BackupStatus.FAILED


async def test_who_is_no_owner_any_more_clones_nothing(world: World, owner: Caller) -> None:
    site = await world.site()
    asked = await ask_for_clone(world, site, owner)
    await leave(world, owner)
    await world.settle()
    assert (await job(world, asked.job_id)).status is JobStatus.DEAD
    assert await status(world, world.slug("clone")) == "provisioning"
    await settle(world)
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
