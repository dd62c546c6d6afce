import asyncio
from uuid import UUID, uuid4

import pytest

from adapters.cache.site_directory import LONGEST_LIFE, LONGEST_TRUST, CachedSiteDirectory
from application.tenancy.ports import FollowedSiteDirectory
from application.tenancy.views import Destination
from domain.tenancy.routing import CustomHost, SiteHost
from domain.tenancy.schema import SchemaName
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import SiteId

ACME = SiteHost("acme")
SITE = SiteScope(SiteId(uuid4()), "acme", SchemaName("acme"))


class Database(FollowedSiteDirectory):
    """Ten lines of a directory that can be changed, stopped and asked how often it was asked."""

    failures = (ConnectionError,)

    def __init__(self) -> None:
        self.sites: dict[SiteHost | CustomHost, Destination] = {ACME: Destination(SITE, is_open=True)}
        self.told: list[UUID] = []
        self.asked = 0
        self.away = False
        self.answering = asyncio.Event()
        self.answering.set()

    async def find(self, host: SiteHost | CustomHost) -> Destination | None:
        self.asked += 1
        found = self.sites.get(host)
        await self.answering.wait()
        return found

    async def since(self, seen: int) -> tuple[int, list[UUID]]:
        if self.away:
            raise ConnectionError
        return len(self.told), self.told[seen:]

    def close(self) -> None:
        self.sites[ACME] = Destination(SITE, is_open=False)
        self.told.append(SITE.site_id)


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def directory(database: Database, time: Time) -> CachedSiteDirectory:
    return CachedSiteDirectory(database, time)


async def test_answers_from_memory_after_a_look(directory: CachedSiteDirectory, database: Database) -> None:
    await directory.look()
    for _ in range(5):
        assert await directory.find(ACME) == Destination(SITE, is_open=True)

    assert database.asked == 1


async def test_sees_a_change_at_the_next_look(directory: CachedSiteDirectory, database: Database) -> None:
    await directory.look()
    await directory.find(ACME)
    database.close()
    await directory.look()

    assert await directory.find(ACME) == Destination(SITE, is_open=False)


async def test_trusts_nothing_when_it_could_not_look(
    directory: CachedSiteDirectory, database: Database, time: Time
) -> None:
    await directory.look()
    await directory.find(ACME)
    database.close()
    time.now += LONGEST_TRUST

    assert await directory.find(ACME) == Destination(SITE, is_open=False)


async def test_forgets_everything_when_the_store_counts_from_lower_on(
    directory: CachedSiteDirectory, database: Database
) -> None:
    """After a failover or a restore the changes that were missed may have lower numbers."""
    database.told = [SITE.site_id] * 9
    await directory.look()
    await directory.find(ACME)
    database.close()
    database.told = []
    await directory.look()

    assert await directory.find(ACME) == Destination(SITE, is_open=False)


async def test_forgets_everything_after_it_could_not_look(
    directory: CachedSiteDirectory, database: Database, time: Time
) -> None:
    await directory.look()
    await directory.find(ACME)
    database.sites[ACME] = Destination(SITE, is_open=False)
    time.now += LONGEST_TRUST + 1
    await directory.look()

    assert await directory.find(ACME) == Destination(SITE, is_open=False)


async def test_asks_anew_from_time_to_time_whatever_was_told(
    directory: CachedSiteDirectory, database: Database, time: Time
) -> None:
    await directory.look()
    await directory.find(ACME)
    database.sites[ACME] = Destination(SITE, is_open=False)
    for _ in range(31):
        time.now += LONGEST_LIFE / 30
        await directory.look()

    assert await directory.find(ACME) == Destination(SITE, is_open=False)


async def test_a_lookup_that_was_overtaken_by_a_change_is_not_kept(
    directory: CachedSiteDirectory, database: Database
) -> None:
    await directory.look()
    database.answering.clear()
    overtaken = asyncio.create_task(directory.find(ACME))
    await asyncio.sleep(0)
    database.close()
    await directory.look()
    database.answering.set()
    await overtaken

    assert await directory.find(ACME) == Destination(SITE, is_open=False)


async def test_remembers_where_a_renamed_site_answers_until_that_changes(
    directory: CachedSiteDirectory, database: Database
) -> None:
    moved = Destination(SITE, is_open=False, has_moved=True)
    database.sites[SiteHost("old")] = moved
    await directory.look()
    for _ in range(3):
        assert await directory.find(SiteHost("old")) == moved
    assert database.asked == 1

    del database.sites[SiteHost("old")]
    database.told.append(SITE.site_id)
    await directory.look()
    assert await directory.find(SiteHost("old")) is None


async def test_never_remembers_that_a_host_is_unknown(directory: CachedSiteDirectory, database: Database) -> None:
    await directory.look()
    assert await directory.find(SiteHost("new")) is None
    database.sites[SiteHost("new")] = Destination(SITE, is_open=True)

    assert await directory.find(SiteHost("new")) is not None


async def test_remembers_a_bounded_number(database: Database, time: Time) -> None:
    directory = CachedSiteDirectory(database, time, size=2)
    hosts = [SiteHost(f"s{number}") for number in range(3)]
    for host in hosts:
        database.sites[host] = Destination(SITE, is_open=True)
    await directory.look()
    for host in hosts:
        await directory.find(host)
    asked = database.asked
    await directory.find(hosts[2])
    assert database.asked == asked
    await directory.find(hosts[0])
    assert database.asked == asked + 1


async def test_goes_on_following_after_an_outage(directory: CachedSiteDirectory, database: Database) -> None:
    database.away = True
    follower = asyncio.create_task(directory.follow(interval=0.001))
    await directory.find(ACME)
    await directory.find(ACME)
    assert database.asked == 2
    database.away = False
    async with asyncio.timeout(5):
        while not await _from_memory(directory, database):  # noqa: ASYNC110  a look has no event
            await asyncio.sleep(0.001)
    follower.cancel()


async def _from_memory(directory: CachedSiteDirectory, database: Database) -> bool:
    await directory.find(ACME)
    asked = database.asked
    await directory.find(ACME)
    return database.asked == asked


async def test_a_change_of_our_own_is_not_answered_from_memory_even_if_the_look_fails(
    database: Database, directory: CachedSiteDirectory
) -> None:
    await directory.look()
    await directory.find(ACME)
    database.close()
    database.away = True

    await directory.catch_up()

    found = await directory.find(ACME)
    assert found is not None
    assert not found.is_open
