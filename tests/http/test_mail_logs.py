"""What the log tells of mails: everything that was not sent, and never what is in one."""

import json
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import structlog

from adapters.memory.database import MemoryDatabase
from domain.jobs.job import Job, JobStatus
from tests.http.test_logs import Log, start
from tests.mail.links import link_in, token_in
from tests.organizations import a_person, an_organization
from tests.world import HttpClient, World, memory_world, token

HOST = "http://localhost"


@pytest.fixture
def written() -> Iterator[Log]:
    """Everything that is logged during the test, as JSON."""
    handlers, level = logging.root.handlers[:], logging.root.level
    log = Log()
    start(log, pretty=False)
    yield log
    structlog.reset_defaults()
    logging.basicConfig(handlers=handlers, level=level, force=True)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with memory_world() as world:
        yield world


async def invite(world: World, client: HttpClient) -> dict[str, Any]:
    olga = await a_person(world, "olga")
    body = {"organization": await an_organization(world, olga), "email": "new@example.org"}
    headers = await token(client, HOST, olga.username)
    answer = await client.post(f"{HOST}/api/invitations/", json=body, headers=headers)
    assert answer.status_code == 201
    made: dict[str, Any] = answer.json()
    return made


async def jobs(world: World) -> list[Job]:
    return [one.job for one in (await world.container.get(MemoryDatabase)).jobs.values()]


async def test_a_mail_that_fails_is_an_error_with_its_id_and_kind(world: World, written: Log) -> None:
    world.mails.is_down = True
    async with world.http() as client:
        await invite(world, client)
        await client.settle()
    (job,) = await jobs(world)
    (error,) = [line for line in written.lines if line["level"] == "error"]
    assert (world.mails.attempts, job.status, job.attempts) == (1, JobStatus.FAILED, 1)
    assert error["event"] == f"send_mail failed: {job.error}"
    assert str(job.error).endswith(" (invitation): the mail server is down")


async def test_it_is_tried_again_after_pauses_that_grow_and_given_up_in_the_end(world: World, written: Log) -> None:
    world.mails.is_down = True
    pauses = []
    async with world.http() as client:
        await invite(world, client)
        while (job := (await jobs(world))[0]).status is not JobStatus.DEAD:
            world.clock.advance(seconds=max(0.0, (job.run_at - world.clock()).total_seconds()))
            await client.settle()
            pauses.append((await jobs(world))[0].run_at - world.clock())
    assert (world.mails.attempts, job.attempts) == (8, 8)
    assert pauses[5] > 4 * pauses[2] > 4 * pauses[0]
    assert "new@example.org" not in json.dumps([job.error, *(one for one in written.lines if one["level"] == "error")])


async def test_a_server_that_comes_back_gets_it(world: World, written: Log) -> None:
    world.mails.is_down = True
    async with world.http() as client:
        await invite(world, client)
        await client.settle()
        world.mails.is_down = False
        await client.settle()
        assert world.mails.sent == []
        world.clock.advance(minutes=1)
        await client.settle()
    assert len(world.mails.sent) == 1
    assert [line for line in written.lines if line["level"] == "error"][1:] == []
    assert [(job.status, job.error, job.arguments) for job in await jobs(world)] == [(JobStatus.SUCCEEDED, None, {})]


async def test_no_token_of_a_mail_is_written(world: World, written: Log) -> None:
    await world.admin(await world.site())
    async with world.http() as client:
        made = await invite(world, client)
        await client.post(f"{world.host()}/api/auth/password/reset/", json={"email": "admin@example.org"})
        await client.settle()
        invitation, reset = world.mails.sent
        for mail in (invitation, reset):
            await client.get(link_in(mail))
        body = {"token": token_in(invitation)}
        await client.post(f"{HOST}/api/invitations/{made['id']}/decline/", json=body)
        body = {"token": token_in(reset), "password": "a-new-password"}
        await client.post(f"{world.host()}/api/auth/password/reset/confirm/", json=body)
    assert "/invitations/" in written.text
    for mail in (invitation, reset):
        assert token_in(mail) not in written.text
    assert "a-new-password" not in written.text
