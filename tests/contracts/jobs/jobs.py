"""Jobs that were put there, without anybody having asked for them in earnest."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from application.jobs.ports import JobRepository
from application.shared.ports import UnitOfWork
from domain.jobs.job import Asker, Job, JobId, Queue
from domain.shared.caller import Caller, Permission, UserId
from domain.tenancy.scope import Scope
from tests.world import PLATFORM, World

ANN = UserId(uuid4())
BEN = UserId(uuid4())


def a_job(at: datetime, *, user_id: UserId | None = None, **fields: Any) -> Job:
    given: dict[str, Any] = {"name": "send_mail", "queue": Queue.EMAILS, "created_at": at, "run_at": at} | fields
    return Job(id=JobId(uuid4()), asker=Asker(label="somebody", request_id="r", user_id=user_id), **given)


def who(user_id: UserId | None, *permissions: Permission) -> Caller:
    return Caller(label="somebody", permissions=frozenset(permissions), user_id=user_id)


async def put(world: World, *jobs: Job, scope: Scope = PLATFORM) -> None:
    async with world.acting(scope) as container, await container.get(UnitOfWork):
        for job in jobs:
            assert await (await container.get(JobRepository)).add(job)
