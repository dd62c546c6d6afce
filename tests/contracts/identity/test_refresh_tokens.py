import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from domain.identity.session import RefreshToken, RefreshTokenId
from domain.tenancy.scope import SiteScope
from tests.contracts.identity.ports import reading, store, transaction
from tests.domain.identity.people import NOON, WEEK, a_link, a_session, a_user
from tests.world import World

LATER = NOON + timedelta(hours=1)


def link_id(number: int) -> RefreshTokenId:
    return RefreshTokenId(UUID(int=number))


@pytest.fixture
async def family(world: World, site: SiteScope) -> RefreshToken:
    """The first link of Ada's only session."""
    await store(world, site, a_user(), a_session(), a_link())
    return a_link()


async def test_gives_back_what_was_added(world: World, site: SiteScope, family: RefreshToken) -> None:
    used = a_link(2, consumed_at=LATER, successor_id=link_id(3))
    await store(world, site, used)

    async with reading(world, site) as ports:
        assert await ports.chain.find(family.token_hash) == family
        assert await ports.chain.get(family.id) == family
        assert await ports.chain.find(used.token_hash) == used
        assert await ports.chain.get(used.id) == used


async def test_an_unknown_token_is_not_found(world: World, site: SiteScope, family: RefreshToken) -> None:
    async with reading(world, site) as ports:
        assert await ports.chain.find(b"x" * 32) is None
        assert await ports.chain.find(b"") is None
        with pytest.raises(LookupError):
            await ports.chain.get(link_id(99))


async def test_consumes_once(world: World, site: SiteScope, family: RefreshToken) -> None:
    consumed = replace(family, consumed_at=LATER, successor_id=link_id(2))
    async with transaction(world, site) as ports:
        assert await ports.chain.consume(family.token_hash, link_id(2), at=LATER) == consumed
        assert await ports.chain.consume(family.token_hash, link_id(3), at=LATER) is None

    async with transaction(world, site) as ports:
        assert await ports.chain.consume(family.token_hash, link_id(4), at=LATER) is None
        assert await ports.chain.find(family.token_hash) == consumed


async def test_consumes_that_one_token_alone(world: World, site: SiteScope, family: RefreshToken) -> None:
    await store(world, site, a_link(2))

    async with transaction(world, site) as ports:
        await ports.chain.consume(family.token_hash, link_id(3), at=LATER)

    async with reading(world, site) as ports:
        assert await ports.chain.get(link_id(2)) == a_link(2)


@pytest.mark.parametrize(("at", "good"), [(NOON + WEEK - timedelta(microseconds=1), True), (NOON + WEEK, False)])
async def test_an_expired_token_is_not_consumed(
    world: World, site: SiteScope, family: RefreshToken, at: datetime, *, good: bool
) -> None:
    async with transaction(world, site) as ports:
        consumed = await ports.chain.consume(family.token_hash, link_id(2), at=at)

    assert (consumed is not None) is good


async def test_an_unknown_token_is_not_consumed(world: World, site: SiteScope, family: RefreshToken) -> None:
    async with transaction(world, site) as ports:
        assert await ports.chain.consume(b"x" * 32, link_id(2), at=LATER) is None


async def test_of_twenty_at_once_one_consumes_it(world: World, site: SiteScope, family: RefreshToken) -> None:
    async def consume(number: int) -> RefreshToken | None:
        async with transaction(world, site) as ports:
            return await ports.chain.consume(family.token_hash, link_id(number), at=LATER)

    results = await asyncio.gather(*(consume(number) for number in range(2, 22)))

    (winner,) = [result for result in results if result]
    async with reading(world, site) as ports:
        assert await ports.chain.get(family.id) == winner


async def test_whoever_rolls_back_leaves_it_to_the_next(world: World, site: SiteScope, family: RefreshToken) -> None:
    async def consume_and_fail() -> None:
        async with transaction(world, site) as ports:
            assert await ports.chain.consume(family.token_hash, link_id(2), at=LATER)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await consume_and_fail()

    async with transaction(world, site) as ports:
        assert await ports.chain.consume(family.token_hash, link_id(3), at=LATER)


async def test_two_sites_never_see_each_others_tokens(
    world: World, site: SiteScope, other: SiteScope, family: RefreshToken
) -> None:
    async with transaction(world, other) as ports:
        assert await ports.chain.find(family.token_hash) is None
        assert await ports.chain.consume(family.token_hash, link_id(2), at=LATER) is None
        with pytest.raises(LookupError):
            await ports.chain.get(family.id)

    async with reading(world, site) as ports:
        assert await ports.chain.get(family.id) == family
