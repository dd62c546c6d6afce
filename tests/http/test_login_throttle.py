import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from secrets import token_hex
from typing import Any, TypeAlias

import httpx
import pytest

from tests.http.accounts import Account
from tests.services import REDIS, require_service
from tests.world import PASSWORD, World, memory_world

App: TypeAlias = Callable[..., AbstractAsyncContextManager[Account]]
AWAY = "redis://127.0.0.1:1/0"
PROXY = ("127.0.0.1/32",)


def an_address() -> str:
    """That no other test counts: a /64 of its own in the documentation's network."""
    return f"2001:db8:{token_hex(2)}:{token_hex(2)}::1"


@pytest.fixture(params=["process", pytest.param("redis", marks=pytest.mark.service("redis")), "redis away"])
def cache_url(request: pytest.FixtureRequest) -> str:
    """Where attempts are counted."""
    if request.param == "redis":
        require_service("redis")
    return {"process": "", "redis": REDIS, "redis away": AWAY}[request.param]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """On memory: the counts are elsewhere."""
    async with memory_world() as world:
        await world.admin(await world.site(), "ada")
        await world.admin(await world.site("other"), "ada")
        yield world


@pytest.fixture
def app(world: World, cache_url: str) -> App:
    """A process of the application behind a proxy; limits are given by the test."""

    @asynccontextmanager
    async def start(**limits: int) -> AsyncIterator[Account]:
        settings = {f"login_limit_{name}": 100 for name in ("account_and_address", "account", "address")} | limits
        async with world.http(cache_url=cache_url, trusted_proxies=PROXY, **settings) as client:
            yield Account(client, world.host(), "ada")

    return start


def attempt(account: Account, address: str, password: str = "wrong-password") -> Coroutine[Any, Any, httpx.Response]:
    return account.attempt(password, **{"X-Forwarded-For": address})


async def statuses(account: Account, addresses: list[str], password: str = "wrong-password") -> list[int]:
    return [(await attempt(account, address, password)).status_code for address in addresses]


async def test_says_what_is_left_and_when_it_is_whole_again(app: App) -> None:
    address = an_address()
    async with app(login_limit_account_and_address=3) as ada:
        before = time.time()
        answers = [await attempt(ada, address) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert [answer.headers["x-ratelimit-limit"] for answer in answers] == ["3"] * 4
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["2", "1", "0", "0"]
    for answer in answers:
        assert before + 59 <= int(answer.headers["x-ratelimit-reset"]) <= time.time() + 61
    refused = answers[-1]
    assert 1 <= int(refused.headers["retry-after"]) <= 61
    assert refused.json()["code"] == "throttled"


async def test_even_the_right_password_waits(app: App) -> None:
    address = an_address()
    async with app(login_limit_account_and_address=2) as ada:
        assert await statuses(ada, [address] * 2) == [401, 401]

        assert (await attempt(ada, address, PASSWORD)).status_code == 429


async def test_the_right_password_forgives_what_came_before_it(app: App) -> None:
    address = an_address()
    async with app(login_limit_account_and_address=3) as ada:
        for _ in range(3):
            assert await statuses(ada, [address] * 2) == [401, 401]
            answer = await attempt(ada, address, PASSWORD)
            assert (answer.status_code, answer.headers["x-ratelimit-remaining"]) == (200, "0")


async def test_one_account_is_one_account_in_any_case(app: App) -> None:
    address = an_address()
    async with app(login_limit_account_and_address=3) as ada:
        accounts = [Account(ada.client, ada.base, name) for name in ("ada", "ADA", "Ada", "aDa")]

        assert [(await attempt(account, address)).status_code for account in accounts] == [401, 401, 401, 429]


async def test_one_address_does_not_shut_out_another(app: App) -> None:
    async with app(login_limit_account_and_address=2, login_limit_account=3) as ada:
        assert await statuses(ada, [an_address()] * 5) == [401, 401, 429, 429, 429]

        assert (await attempt(ada, an_address(), PASSWORD)).status_code == 200


async def test_one_account_does_not_shut_out_another_at_the_same_address(app: App) -> None:
    address = an_address()
    async with app(login_limit_account_and_address=2) as ada:
        assert await statuses(ada, [address] * 9) == [401, 401] + [429] * 7

        assert (await attempt(Account(ada.client, ada.base, "grace"), address)).status_code == 401


async def test_an_account_is_guessed_at_so_often_from_everywhere_together(app: App) -> None:
    async with app(login_limit_account=4) as ada:
        assert await statuses(ada, [an_address() for _ in range(6)]) == [401] * 4 + [429] * 2


async def test_a_flood_from_elsewhere_does_not_shut_out_where_the_password_was_proven(app: App) -> None:
    home = an_address()
    async with app(login_limit_account=4, login_limit_account_and_address=3) as ada:
        assert (await attempt(ada, home, PASSWORD)).status_code == 200
        await statuses(ada, [an_address() for _ in range(8)])
        assert (await attempt(ada, an_address(), PASSWORD)).status_code == 429

        assert (await attempt(ada, home, PASSWORD)).status_code == 200
        assert await statuses(ada, [home] * 4) == [401] * 3 + [429]


async def test_an_address_tries_so_many_accounts(app: App) -> None:
    address = an_address()
    async with app(login_limit_address=4) as ada:
        accounts = [Account(ada.client, ada.base, f"user{number}") for number in range(6)]
        answers = [await attempt(account, address) for account in accounts]

    assert [answer.status_code for answer in answers] == [401] * 4 + [429] * 2
    assert answers[-1].headers["x-ratelimit-limit"] == "4"


async def test_an_address_that_is_shut_out_uses_up_nothing_of_an_account(app: App) -> None:
    address = an_address()
    async with app(login_limit_address=2, login_limit_account=3) as ada:
        assert await statuses(ada, [address] * 9) == [401, 401] + [429] * 7

        assert (await attempt(ada, an_address(), PASSWORD)).status_code == 200


async def test_a_whole_network_of_ipv6_is_one_address(app: App) -> None:
    network = an_address().removesuffix("1")
    async with app(login_limit_address=3) as ada:
        addresses = [f"{network}{token_hex(2)}:{number}" for number in range(1, 6)]

        assert await statuses(ada, addresses) == [401, 401, 401, 429, 429]


async def test_the_accounts_of_two_sites_share_no_count(app: App) -> None:
    address = an_address()
    async with app(login_limit_account_and_address=2, login_limit_account=2) as ada:
        assert await statuses(ada, [address] * 3) == [401, 401, 429]
        other = Account(ada.client, ada.base.replace("acme", "other"), "ada")
        assert (await attempt(other, address, PASSWORD)).status_code == 200


async def test_of_many_attempts_at_once_no_more_are_admitted_than_the_limit(app: App) -> None:
    address = an_address()
    async with app(login_limit_account_and_address=5) as ada:
        answers = await asyncio.gather(*(attempt(ada, address) for _ in range(20)))

    found = [answer.status_code for answer in answers]
    assert (found.count(401), found.count(429)) == (5, 15)


async def test_guesses_at_the_present_password_count_as_logins(app: App) -> None:
    address = an_address()
    async with app(login_limit_account_and_address=3) as ada:
        access = (await attempt(ada, address, PASSWORD)).json()["access"]
        headers = {"Authorization": f"Bearer {access}", "X-Forwarded-For": address}
        body = {"current_password": "wrong-password", "new_password": "a-better-password"}

        answers = [await ada.post("/api/profile/change-password/", body, **headers) for _ in range(4)]

        assert [answer.status_code for answer in answers] == [400, 400, 400, 429]
        assert answers[0].headers["x-ratelimit-limit"] == "3"
        assert (await attempt(ada, address, PASSWORD)).status_code == 429


@pytest.mark.service("redis")
async def test_two_processes_count_together_in_redis(world: World) -> None:
    require_service("redis")
    address = an_address()
    limits: dict[str, Any] = {"cache_url": REDIS, "trusted_proxies": PROXY, "login_limit_account_and_address": 3}
    async with world.http(**limits) as first, world.http(**limits) as second:
        accounts = [Account(client, world.host(), "ada") for client in (first, second)] * 2

        assert [(await attempt(account, address)).status_code for account in accounts] == [401, 401, 401, 429]
