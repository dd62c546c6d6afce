"""What the log tells of mails: everything that was not sent, and never what is in one."""

import json
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import structlog

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


async def test_a_mail_that_is_lost_is_an_error_with_its_id_and_kind(world: World, written: Log) -> None:
    world.mails.is_down = True
    async with world.http() as client:
        await invite(world, client)
    errors = [line for line in written.lines if line["level"] == "error"]
    assert world.mails.attempts >= 2
    assert errors[-1]["event"] == "SendMail was given up"
    assert all(line["request_id"] and line["site"] == "platform" for line in errors)
    assert " (invitation): the mail server is down" in errors[0]["event"]
    assert "new@example.org" not in json.dumps(errors)


async def test_a_server_that_comes_back_gets_it(world: World, written: Log) -> None:
    world.mails.is_down = True
    async with world.http() as client:
        await invite(world, client)
        world.mails.is_down = False
    assert len(world.mails.sent) == 1
    assert [line for line in written.lines if line["level"] == "error"][1:] == []


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
