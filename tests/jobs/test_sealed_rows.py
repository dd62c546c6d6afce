"""What the database has of mails, while they wait and afterwards."""

import json
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from application.jobs.ports import JobRepository
from application.shared.jobs import Jobs
from application.shared.mail import SendMail
from application.shared.ports import UnitOfWork
from domain.jobs.job import Job, JobId, JobStatus
from tests.mail.mails import a_mail
from tests.world import World

pytestmark = pytest.mark.postgres
SECRET = "the-token-of-a-link"


async def ask(world: World) -> JobId:
    """Have a mail sent with a token in it."""
    async with world.acting() as container, await container.get(UnitOfWork):
        jobs: Jobs = await container.get(Jobs)
        return await jobs.add(SendMail, mail=a_mail(text=f"https://x/?token={SECRET}"))


async def job_of(world: World, job_id: JobId) -> Job:
    async with world.acting() as container, await container.get(UnitOfWork):
        jobs: JobRepository = await container.get(JobRepository)
        return await jobs.get(job_id)


async def row(url: str, job_id: UUID) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchrow("select * from public.jobs where id = $1", job_id)
    finally:
        await connection.close()


async def test_nobody_reads_a_mail_in_the_database(postgres: World, database_url: str) -> None:
    kept = await row(database_url, await ask(postgres))
    assert list(json.loads(kept["arguments"])) == ["sealed"]
    assert not any(text in str(dict(kept)) for text in (SECRET, "ada@example.org", "Hello"))


async def test_nothing_of_it_is_kept_once_it_was_sent(postgres: World, database_url: str) -> None:
    job_id = await ask(postgres)
    await postgres.settle()
    kept = await row(database_url, job_id)
    assert [SECRET in mail.text for mail in postgres.mails.sent] == [True]
    assert (kept["status"], json.loads(kept["arguments"])) == ("succeeded", {})


async def test_what_failed_keeps_it_for_the_next_attempt(postgres: World, database_url: str) -> None:
    job_id = await ask(postgres)
    postgres.mails.is_down = True
    await postgres.settle()
    kept = await row(database_url, job_id)
    assert (kept["status"], list(json.loads(kept["arguments"]))) == ("failed", ["sealed"])
    assert SECRET not in kept["error"]


async def test_a_mail_that_is_moved_to_another_job_is_not_sent(postgres: World, database_url: str) -> None:
    """Whoever can write to the database still cannot have it sent, or tried, once more."""
    first, second = await ask(postgres), await ask(postgres)
    connection = await asyncpg.connect(database_url)
    await connection.execute(
        "update public.jobs set arguments = (select arguments from public.jobs where id = $1) where id = $2",
        *(first, second),
    )
    await connection.close()
    await postgres.settle()
    moved = await job_of(postgres, second)
    assert (moved.status, moved.error) == (JobStatus.DEAD, "the arguments of send_mail cannot be read: ValueError")
    assert len(postgres.mails.sent) == 1


async def test_what_an_unknown_key_sealed_waits_and_is_dead_in_the_end(postgres: World, database_url: str) -> None:
    job_id = await ask(postgres)
    connection = await asyncpg.connect(database_url)
    await connection.execute(
        'update public.jobs set arguments = \'{"sealed": "gone.AAAA"}\'::jsonb where id = $1', job_id
    )
    await connection.close()
    await postgres.settle()
    assert (await job_of(postgres, job_id)).status is JobStatus.FAILED
    for _ in range(7):
        postgres.clock.advance(hours=1)
        await postgres.settle()
    dead = await job_of(postgres, job_id)
    assert (dead.status, dead.attempts) == (JobStatus.DEAD, 8)
    assert dead.error == "the arguments are sealed under the key gone, which is not among the signing keys here"
