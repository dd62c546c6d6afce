import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.identity.session import SessionEnd
from domain.identity.tokens import InvalidTokenError
from tests.application.identity.desk import ADA, Desk
from tests.domain.identity.people import NOON, WEEK


async def test_trades_a_token_for_a_pair_that_works() -> None:
    desk = Desk()
    first = await desk.log_in()
    desk.later(minutes=10)

    second = await desk.refresh(first.refresh)

    assert second.refresh != first.refresh
    assert (await desk.authenticate(token=second.access)).user_id == ADA.id
    assert await desk.is_good(second.refresh)
    assert not await desk.is_good(first.refresh)


async def test_lengthens_the_session_and_opens_no_other() -> None:
    desk = Desk()
    pair = await desk.log_in()
    (before,) = desk.sessions
    desk.later(days=6)

    await desk.refresh(pair.refresh)

    later = NOON + timedelta(days=6)
    assert desk.sessions == [replace(before, last_used_at=later, expires_at=later + WEEK)]


async def test_goes_on_for_as_long_as_it_is_used() -> None:
    desk = Desk()
    pair = await desk.log_in()
    for _ in range(10):
        desk.later(days=6)
        pair = await desk.refresh(pair.refresh)

    assert await desk.is_good(pair.access)


async def test_the_new_access_token_has_the_present_version_of_the_user() -> None:
    desk = Desk()
    pair = await desk.log_in()
    desk.change(token_version=9)

    assert not await desk.is_good(pair.access)
    assert await desk.is_good((await desk.refresh(pair.refresh)).access)


@pytest.mark.parametrize("seconds", [0, 5, 10])
async def test_a_lost_answer_is_given_again_within_the_grace(seconds: int) -> None:
    desk = Desk()
    first = await desk.log_in()
    lost = await desk.refresh(first.refresh)
    desk.later(seconds=seconds)

    again = await desk.refresh(first.refresh)

    assert again.refresh == lost.refresh
    assert await desk.is_good(again.access)
    assert await desk.is_good((await desk.refresh(again.refresh)).refresh)
    assert desk.events.reused == []


async def test_after_the_grace_a_second_use_ends_the_family_and_is_told() -> None:
    desk = Desk()
    first = await desk.log_in()
    second = await desk.refresh(first.refresh)
    desk.later(seconds=10.001)

    with pytest.raises(InvalidTokenError, match="used before"):
        await desk.refresh(first.refresh)

    (session,) = desk.sessions
    assert session.ended_because is SessionEnd.TOKEN_REUSED
    assert session.ended_at == desk.now
    assert desk.events.reused == [replace(session, ended_at=None, ended_because=None)]
    assert not await desk.is_good(second.access)
    with pytest.raises(InvalidTokenError, match="ended"):
        await desk.refresh(second.refresh)


async def test_a_clock_that_was_set_back_does_not_lengthen_the_grace() -> None:
    desk = Desk()
    first = await desk.log_in()
    desk.later(hours=2)
    await desk.refresh(first.refresh)
    desk.later(hours=-1)

    with pytest.raises(InvalidTokenError, match="used before"):
        await desk.refresh(first.refresh)

    assert len(desk.events.reused) == 1


async def test_once_the_successor_is_used_even_the_grace_does_not_help() -> None:
    desk = Desk()
    first = await desk.log_in()
    second = await desk.refresh(first.refresh)
    third = await desk.refresh(second.refresh)

    with pytest.raises(InvalidTokenError, match="used before"):
        await desk.refresh(first.refresh)

    assert len(desk.events.reused) == 1
    assert not await desk.is_good(third.access)
    assert not await desk.is_good(third.refresh)


async def test_the_reuse_is_told_once() -> None:
    desk = Desk(grace=timedelta())
    first = await desk.log_in()
    await desk.refresh(first.refresh)
    desk.later(seconds=1)

    for _ in range(3):
        with pytest.raises(InvalidTokenError):
            await desk.refresh(first.refresh)

    assert len(desk.events.reused) == 1


async def test_reuse_ends_one_session_and_no_other() -> None:
    desk = Desk()
    here, there = await desk.log_in(), await desk.log_in()
    await desk.refresh(here.refresh)
    desk.later(minutes=1)
    with pytest.raises(InvalidTokenError):
        await desk.refresh(here.refresh)

    assert await desk.is_good((await desk.refresh(there.refresh)).access)


async def test_ten_at_once_get_the_same_successor_and_the_family_lives() -> None:
    desk = Desk()
    first = await desk.log_in()

    pairs = await asyncio.gather(*(desk.refresh(first.refresh) for _ in range(10)))

    assert len({pair.refresh for pair in pairs}) == 1
    assert desk.events.reused == []
    assert await desk.is_good(pairs[0].refresh)


async def test_no_token_is_stored_in_clear() -> None:
    desk = Desk()
    first = await desk.log_in()
    second = await desk.refresh(first.refresh)

    stored = repr(desk.database)

    for token in (first.refresh, first.access, second.refresh, second.access):
        assert token not in stored
        assert token.rpartition(".")[2] not in stored
