"""What an attempt finds after one that was killed, and what is left of those, on each store."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from application.backups.asking import Asked
from application.backups.expire_backups import ExpireBackups
from application.backups.restoring import Rebuilding
from application.backups.settle_backups import SettledBackups
from application.backups.site_closing import SiteClosing
from application.backups.taking import BackupEnding
from application.identity.change_user import ChangeUser
from application.jobs.cancel_job import CancelJob
from application.jobs.ports import JobLeases, RunningJob
from application.shared.jobs import LeaseLostError, Progress
from application.tenancy.change_site import ChangeSite
from application.tenancy.resume_site import ResumeSite
from application.tenancy.suspend_site import SuspendSite
from domain.backups.backup import BackupKind, BackupStatus
from domain.identity.user import UserChanges
from domain.jobs.job import JobId, JobStatus, Retries
from domain.shared.caller import Caller, UserId
from domain.tenancy.membership import MemberRole
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import SiteChanges
from entrypoints.worker.execution import ProgressBoard
from tests.contracts.backups.asked import (
    a_site_with_a_backup,
    ask,
    ask_for_restore,
    backup_status,
    damage,
    job,
    settle,
    status,
)
from tests.world import OPERATOR, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """A restore that will fail, of which an attempt was killed when it had closed the site."""

    world: World
    site: SiteScope
    asked: Asked

    async def status(self) -> str:
        return await status(self.world, self.site.slug)

    async def suspend(self) -> None:
        async with self.world.acting() as container:
            await (await container.get(SuspendSite))(slug=self.site.slug, seen=None)

    async def resume(self) -> None:
        async with self.world.acting() as container:
            await (await container.get(ResumeSite))(slug=self.site.slug, seen=None)

    async def change(self) -> None:
        async with self.world.acting() as container:
            change = await container.get(ChangeSite)
            await change(slug=self.site.slug, changes=SiteChanges(name="Other"), seen=None)

    async def fail(self) -> None:
        """By the next attempt."""
        await self.world.settle()
        assert (await job(self.world, self.asked.job_id)).status is JobStatus.DEAD


async def killed(world: World, caller: Caller = OPERATOR) -> Killed:
    site, backup_id = await a_site_with_a_backup(world)
    damage(world, backup_id)
    asked = await ask_for_restore(world, site, backup_id, caller)
    await killed_when_it_had_closed(world, site, asked.job_id)
    assert await status(world, site.slug) == "suspended"
    return Killed(world=world, site=site, asked=asked)


async def killed_when_it_had_closed(world: World, site: SiteScope, job_id: JobId | None) -> None:
    assert job_id
    async with world.desk.claimed(job_id) as (execution, running):
        assert running
        async with execution.app(context={RunningJob: running, Progress: ProgressBoard()}) as container:
            await (await container.get(SiteClosing)).close(site.site_id)
        leases = await execution.app.get(JobLeases)
        assert await leases.finish(running.job.hand_back(at=world.clock()), running.lease)


async def test_the_site_opens_where_the_next_attempt_fails(world: World) -> None:
    it = await killed(world)
    await settle(world)
    assert await it.status() == "suspended"
    await it.fail()
    assert await it.status() == "active"
    await settle(world)
    assert await backup_status(world, it.asked.previous_id) is BackupStatus.FAILED


async def test_also_where_somebody_changed_it_meanwhile(world: World) -> None:
    it = await killed(world)
    await it.change()
    await it.fail()
    assert await it.status() == "active"


async def closed_by_a_person(it: Killed) -> None:
    await it.suspend()


async def opened_and_closed_by_a_person(it: Killed) -> None:
    await it.resume()
    await it.suspend()


@pytest.mark.parametrize("step", [closed_by_a_person, opened_and_closed_by_a_person])
async def test_what_a_person_closed_stays_closed(world: World, step: Callable[[Killed], Awaitable[None]]) -> None:
    it = await killed(world)
    await step(it)
    await it.fail()
    await settle(world)
    assert await it.status() == "suspended"


async def test_a_restore_leaves_closed_what_a_person_closed(world: World) -> None:
    site, backup_id = await a_site_with_a_backup(world)
    asked = await ask_for_restore(world, site, backup_id)
    async with world.acting() as container:
        await (await container.get(SuspendSite))(slug=site.slug, seen=None)
    await world.settle()
    assert (await job(world, asked.job_id)).status is JobStatus.SUCCEEDED
    assert await status(world, site.slug) == "suspended"


async def cancelled(it: Killed) -> None:
    assert it.asked.job_id
    async with it.world.acting() as container:
        await (await container.get(CancelJob))(job_id=it.asked.job_id)


async def refused_before_it_begins(it: Killed) -> None:
    owner = (await job(it.world, it.asked.job_id)).asked_by.id
    assert owner
    async with it.world.acting() as container:
        await (await container.get(ChangeUser))(user_id=UserId(owner), changes=UserChanges(is_active=False), seen=None)
    await it.fail()


async def killed_for_the_last_time(it: Killed) -> None:
    assert it.asked.job_id
    async with it.world.desk.claimed(it.asked.job_id) as (execution, running):
        assert running
        died = running.job.fail("killed", Retries(), at=it.world.clock(), chance=0, is_final=True)
        assert await (await execution.app.get(JobLeases)).finish(died, running.lease)


@pytest.mark.parametrize("end", [cancelled, refused_before_it_begins, killed_for_the_last_time])
async def test_the_site_opens_where_there_is_no_next_attempt(
    world: World, end: Callable[[Killed], Awaitable[None]]
) -> None:
    await world.member(MemberRole.OWNER, "stays")
    it = await killed(world, await world.member(MemberRole.OWNER, "asks"))
    await end(it)
    assert await it.status() == "suspended"
    assert await settle(world) == SettledBackups(sites=1, backups=1)
    assert await it.status() == "active"
    assert await backup_status(world, it.asked.previous_id) is BackupStatus.FAILED
    assert await settle(world) == SettledBackups()


async def test_whose_lease_is_lost_neither_closes_nor_opens(world: World) -> None:
    site = await world.site()
    asked = await ask(world, site, BackupKind.ARCHIVE)
    assert asked.job_id
    async with world.desk.claimed(asked.job_id) as (execution, running):
        assert running
        leases = await execution.app.get(JobLeases)
        async with execution.app(context={RunningJob: running, Progress: ProgressBoard()}) as container:
            closing = await container.get(SiteClosing)

            async def loses_its_lease() -> None:
                async with closing.opened_on_failure(site.site_id):
                    await closing.close(site.site_id)
                    assert await leases.finish(running.job.hand_back(at=world.clock()), running.lease)
                    raise RuntimeError

            with pytest.raises(LeaseLostError):
                await loses_its_lease()
            assert await status(world, site.slug) == "suspended"
            async with world.acting() as other:
                await (await other.get(ResumeSite))(slug=site.slug, seen=None)
            with pytest.raises(LeaseLostError):
                await closing.close(site.site_id)
    assert await status(world, site.slug) == "active"


async def test_the_next_attempt_puts_the_site_away(world: World) -> None:
    site = await world.site()
    asked = await ask(world, site, BackupKind.ARCHIVE)
    await killed_when_it_had_closed(world, site, asked.job_id)
    await world.settle()
    assert await status(world, site.slug) == "archived"


async def test_what_a_restore_built_that_failed_for_good_goes_after_a_while(world: World) -> None:
    site, backup_id = await a_site_with_a_backup(world)
    async with world.acting() as container:
        backup = await (await container.get(BackupEnding)).find(backup_id)
        found = await (await container.get(SiteClosing)).find(site.site_id)
        await (await container.get(Rebuilding))(backup, found, keeps_sessions=False)
        expire = await container.get(ExpireBackups)
        world.clock.advance(days=1)
        assert (await expire()).schemas == 0
        world.clock.advance(days=2)
        assert (await expire()).schemas >= 1
        assert (await expire()).schemas == 0
