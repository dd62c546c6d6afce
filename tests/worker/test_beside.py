"""Jobs in a process that serves HTTP."""

import msgspec
import pytest

from domain.jobs.job import JobStatus
from entrypoints.http.beside import jobs_beside
from tests.contracts.jobs.jobs import a_job, add, read
from tests.worker.workers import becomes
from tests.world import World

pytestmark = [pytest.mark.postgres, pytest.mark.storage]


async def test_they_run_while_it_serves_and_only_if_the_settings_say_so(world: World) -> None:
    site = await world.site()
    async with jobs_beside(msgspec.structs.replace(world.settings, jobs_in_process=True)):
        job = await add(world, a_job(world, name="discard_uploads", arguments={"leftovers": []}), site)
        await becomes(world, job, JobStatus.SUCCEEDED)
    later = await add(world, a_job(world, name="discard_uploads", arguments={"leftovers": []}), site)
    async with jobs_beside(world.settings):
        pass
    assert (await read(world, later)).status is JobStatus.PENDING
