import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from secrets import token_hex
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from adapters.ratelimit.login_throttle import LimitsLoginThrottle, LoginLimits, RateLimiter
from adapters.ratelimit.windows import LocalWindows
from domain.shared.errors import ThrottledError
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import SiteId
from domain.tenancy.slug import SiteSlug
from tests.services import REDIS, require_service

LIMITS = LoginLimits(account_and_address=2, account=10, address=10)


def a_throttle(limiter: RateLimiter) -> LimitsLoginThrottle:
    """Of a site of its own."""
    return LimitsLoginThrottle(limiter, SiteScope(SiteId(uuid4()), "acme", SiteSlug("acme").schema))


class Silent:
    """A Redis that takes connections and says nothing."""

    def __init__(self) -> None:
        self.asked = 0
        self.url = ""

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Silent"]:
        server = await asyncio.start_server(self._listen, "127.0.0.1", 0)
        self.url = f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0"
        async with server:
            yield self

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked += 1
        while await reader.read(1000):
            pass
        writer.close()


async def test_a_redis_that_says_nothing_is_waited_for_once_and_the_counts_go_on_here() -> None:
    now = 100.0
    async with Silent().listening() as silent:
        limiter = RateLimiter(silent.url, LIMITS, monotonic=lambda: now, pause=5)
        throttle = a_throttle(limiter)

        async with asyncio.timeout(5):
            allowances = [await throttle.admit("ada", "192.0.2.1") for _ in range(2)]
            with pytest.raises(ThrottledError):
                await throttle.admit("ada", "192.0.2.1")
            await throttle.forgive("ada", "192.0.2.1")
            allowances.append(await throttle.admit("ada", "192.0.2.1"))

        assert [allowance.remaining for allowance in allowances] == [1, 0, 1]
        assert silent.asked == 1
        now += 5
        await throttle.admit("ada", "192.0.2.1")
        assert silent.asked == 2
        assert await limiter.problem() == "does not answer: no answer in time"
        await limiter.close()


async def test_a_redis_that_is_away_is_a_problem_that_is_told_without_its_address() -> None:
    limiter = RateLimiter("redis://:a-secret@127.0.0.1:1/0", LIMITS)

    assert await limiter.problem() == "does not answer: ConnectionError"
    await limiter.close()


async def test_no_redis_is_no_problem() -> None:
    assert await RateLimiter("", LIMITS).problem() == ""


@pytest.mark.service("redis")
async def test_redis_holds_no_login_and_every_key_has_its_end() -> None:
    require_service("redis")
    limiter = RateLimiter(REDIS, LIMITS)
    throttle = a_throttle(limiter)
    login, address = f"ada-{token_hex(8)}", f"2001:db8:{token_hex(2)}:{token_hex(2)}::1"
    before = await keys_of_redis()

    await throttle.admit(login, address)
    await throttle.forgive(login, address)
    await throttle.admit(login, address)

    made = {key: seconds for key, seconds in (await keys_of_redis()).items() if key not in before}
    assert await limiter.problem() == ""
    assert len(made) >= 4
    assert not [key for key in made if login in key or not key.startswith("taruvi:")]
    assert all(0 < seconds <= 30 * 24 * 3600 for seconds in made.values())
    await limiter.close()


@pytest.mark.service("redis")
async def test_an_address_that_is_shut_out_leaves_no_trace_of_what_it_tries() -> None:
    require_service("redis")
    limiter = RateLimiter(REDIS, LIMITS)
    throttle = a_throttle(limiter)
    address = f"2001:db8:{token_hex(2)}:{token_hex(2)}::1"
    for number in range(LIMITS.address):
        await throttle.admit(f"user{number}", address)
    before = await keys_of_redis()

    for number in range(5):
        with pytest.raises(ThrottledError):
            await throttle.admit(f"another{number}", address)

    assert (await keys_of_redis()).keys() <= before.keys()
    await limiter.close()


async def keys_of_redis() -> dict[str, int]:
    """Every key, with the seconds it has left."""
    async with Redis.from_url(REDIS, decode_responses=True) as redis:
        return {key: await redis.ttl(key) async for key in redis.scan_iter("*")}


@pytest.fixture(params=["process", pytest.param("redis", marks=pytest.mark.service("redis"))])
async def throttle(request: pytest.FixtureRequest) -> AsyncIterator[LimitsLoginThrottle]:
    if request.param == "redis":
        require_service("redis")
    limiter = RateLimiter(REDIS if request.param == "redis" else "", LIMITS)
    yield a_throttle(limiter)
    assert await limiter.problem() == ""
    await limiter.close()


@pytest.mark.parametrize("login", ["", "\0", "\ud800", "a/b:c", "ünï", "x" * 10_000])
@pytest.mark.parametrize("address", ["", "unix", "::ffff:192.0.2.1", "fe80::1%eth0", "not an address\n"])
async def test_counts_whatever_text_it_is_given(throttle: LimitsLoginThrottle, login: str, address: str) -> None:
    account = login + token_hex(4)

    assert (await throttle.admit(account, token_hex(4) + address)).remaining == 1
    await throttle.forgive(account, address)


@pytest.mark.parametrize(
    "same", [("192.0.2.1", "::ffff:192.0.2.1"), ("fe80::1%eth0", "fe80::2%eth1"), ("1.2.3.4",) * 2]
)
async def test_one_machine_has_one_address_however_it_is_written(
    throttle: LimitsLoginThrottle, same: tuple[str, str]
) -> None:
    login = token_hex(8)

    assert [(await throttle.admit(login, address)).remaining for address in same] == [1, 0]


async def test_the_window_moves_and_refused_hits_do_not_count() -> None:
    now = 1000.0
    windows = LocalWindows(lambda: now)
    assert [await windows.hit("key", 2) for _ in range(5)] == [True, True, False, False, False]
    assert await windows.state("key", 2) == (2, 1000)

    now = 1060.0
    assert await windows.hit("key", 2) is False
    now = 1060.001
    assert await windows.state("key", 2) == (0, now)
    assert await windows.hit("key", 2) is True


async def test_a_process_remembers_no_more_keys_than_it_may() -> None:
    windows = LocalWindows(most=3)
    for number in range(10):
        await windows.hit(f"key{number}", 5)
        await windows.mark(f"key{number}", seconds=60)

    counts = [(await windows.state(f"key{number}", 5))[0] for number in range(10)]
    assert counts == [0] * 7 + [1] * 3
    assert [await windows.is_marked(f"key{number}") for number in range(10)] == [False] * 7 + [True] * 3


async def test_a_mark_passes() -> None:
    now = 0.0
    windows = LocalWindows(lambda: now)
    await windows.mark("key", seconds=60)
    assert await windows.is_marked("key")
    now = 60.0
    assert not await windows.is_marked("key")
