"""Passwords set anew over HTTP, on both kinds of host."""

import time
from collections.abc import AsyncIterator

import pytest

from adapters.memory.database import MemoryDatabase
from domain.jobs.job import JobStatus
from tests.http.accounts import Account, bearer
from tests.mail.links import link_in, token_in
from tests.world import PASSWORD, PLATFORM, HttpClient, World, memory_world

RESET = "/api/auth/password/reset/"
CONFIRM = f"{RESET}confirm/"
NEW = "a-better-password"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A site `acme` and the platform, each with an admin."""
    async with memory_world() as world:
        await world.admin(await world.site())
        await world.admin(PLATFORM)
        yield world


@pytest.fixture
async def client(world: World) -> AsyncIterator[HttpClient]:
    async with world.http() as client:
        yield client


@pytest.fixture(params=["site", "platform"])
def account(request: pytest.FixtureRequest, world: World, client: HttpClient) -> Account:
    if request.param == "site":
        return Account(client, world.host(), "admin")
    return Account(client, "http://localhost", f"admin-{world.suffix}")


async def test_a_new_password_by_mail(world: World, account: Account) -> None:
    pair = await account.log_in()
    answer = await account.post(RESET, {"email": f"{account.username}@example.org"})
    assert (answer.status_code, answer.json()) == (200, {})
    await account.client.settle()
    (mail,) = world.mails.sent
    assert link_in(mail).startswith(f"{account.base}:8000/password/reset/?token=")

    confirmed = await account.post(CONFIRM, {"token": token_in(mail), "password": NEW})
    assert (confirmed.status_code, confirmed.json()) == (200, {})
    assert (await account.sessions(pair["access"])).status_code == 401
    assert (await account.refresh(pair["refresh"])).status_code == 401
    assert (await account.attempt()).status_code == 401
    assert (await account.attempt(NEW)).status_code == 200
    again = await account.post(CONFIRM, {"token": token_in(mail), "password": NEW})
    assert (again.status_code, list(again.json()["details"])) == (400, ["token"])


async def test_the_answer_is_the_same_for_everybody(world: World, account: Account) -> None:
    answers = [
        await account.post(RESET, {"email": email})
        for email in (f"{account.username}@example.org", "nobody@example.org", "no address")
    ]
    kept = [
        {name: value for name, value in one.headers.items() if name not in ("x-request-id", "x-ratelimit-reset")}
        for one in answers
    ]
    assert {(one.status_code, one.content) for one in answers} == {(200, b"{}")}
    assert kept[0] == kept[1] == kept[2]


async def test_nothing_is_looked_up_before_the_answer(world: World, account: Account) -> None:
    """Whose address it is, if anybody's, a job looks up: until then the two leave alike traces."""
    emails = (f"{account.username}@example.org", "nobody@example.org")
    for email in emails:
        assert (await account.post(RESET, {"email": email})).status_code == 200
    database = await world.container.get(MemoryDatabase)
    jobs = [one.job for one in database.jobs.values()]
    assert [(job.name, job.status, list(job.arguments)) for job in jobs] == [
        ("send_password_reset", JobStatus.PENDING, ["sealed"])
    ] * 2
    assert not any(schema.password_resets for schema in database.schemas.values())
    assert world.mails.sent == []
    await account.client.settle()
    assert [mail.to for mail in world.mails.sent] == [emails[0]]


async def test_a_token_of_one_host_is_worthless_on_the_other(world: World, client: HttpClient) -> None:
    site, platform = (
        Account(client, world.host(), "admin"),
        Account(client, "http://localhost", f"admin-{world.suffix}"),
    )
    for own, other in ((site, platform), (platform, site)):
        await own.post(RESET, {"email": f"{own.username}@example.org"})
        await client.settle()
        body = {"token": token_in(world.mails.sent[-1]), "password": NEW}
        assert (await other.post(CONFIRM, body)).status_code == 400
        assert (await own.post(CONFIRM, body)).status_code == 200


async def test_a_port_of_the_askers_choice_is_not_in_the_link(world: World, client: HttpClient) -> None:
    await client.post(f"{world.host()}:6666{RESET}", json={"email": "admin@example.org"})
    await client.settle()
    assert link_in(world.mails.sent[0]).startswith(f"{world.host()}:8000/")


async def test_a_host_that_is_not_ours_sends_nothing(world: World, client: HttpClient) -> None:
    headers = {"X-Forwarded-Host": "evil.example"}
    refused = await client.post(f"http://evil.example{RESET}", json={"email": "admin@example.org"})
    await client.post(f"{world.host()}{RESET}", json={"email": "admin@example.org"}, headers=headers)
    await client.settle()
    assert refused.status_code == 404
    assert [link_in(mail).startswith(world.host()) for mail in world.mails.sent] == [True]


async def test_requests_are_limited_like_logins_but_apart_from_them(world: World, account: Account) -> None:
    for email in (f"{account.username}@example.org", "nobody@example.org"):
        answers = [await account.post(RESET, {"email": email}) for _ in range(11)]
        assert [one.status_code for one in answers] == [200] * 10 + [429]
        assert answers[0].headers["x-ratelimit-remaining"] == "9"
        assert 0 < int(answers[-1].headers["retry-after"]) <= 61
        assert answers[-1].headers["x-ratelimit-reset"] >= str(int(time.time()))
    assert (await account.attempt(PASSWORD)).status_code == 200


@pytest.mark.parametrize("body", [{}, {"email": "x"}, {"email": "a@b", "name": "x"}, {"email": None}])
async def test_a_wrong_body_is_told(account: Account, body: dict[str, object]) -> None:
    assert (await account.post(RESET, body)).status_code == 400


async def test_signed_in_or_not_makes_no_difference(world: World, account: Account) -> None:
    pair = await account.log_in()
    email = {"email": f"{account.username}@example.org"}
    assert (await account.post(RESET, email, **bearer(pair["access"]))).status_code == 200
    assert (await account.post(RESET, email, **bearer("nonsense"))).status_code == 200
