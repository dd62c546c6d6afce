import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.http.accounts import Account
from tests.world import World


@pytest.fixture
async def ada(world: World) -> AsyncIterator[Account]:
    """The admin of a site."""
    await world.admin(await world.site(), "ada")
    async with world.http() as client:
        yield Account(client, world.host(), "ada")


async def test_a_refresh_rotates(ada: Account) -> None:
    first = await ada.log_in()

    second = (await ada.refresh(first["refresh"])).json()

    assert second["refresh"] != first["refresh"]
    assert await ada.verify(first["refresh"]) == 401
    assert await ada.verify(second["refresh"]) == 200
    assert (await ada.sessions(second["access"])).status_code == 200


async def test_a_lost_answer_is_given_again_within_the_grace(ada: Account, world: World) -> None:
    first = await ada.log_in()
    lost = (await ada.refresh(first["refresh"])).json()
    world.clock.advance(seconds=9)

    again = await ada.refresh(first["refresh"])

    assert again.status_code == 200
    assert again.json()["refresh"] == lost["refresh"]
    assert (await ada.sessions(again.json()["access"])).status_code == 200


async def test_an_old_refresh_token_is_refused_and_its_family_is_dead(ada: Account, world: World) -> None:
    elsewhere = await ada.log_in()
    first = await ada.log_in()
    second = (await ada.refresh(first["refresh"])).json()
    world.clock.advance(seconds=11)

    reused = await ada.refresh(first["refresh"])

    assert reused.status_code == 401
    assert reused.headers["www-authenticate"].startswith("Bearer ")
    assert (await ada.refresh(second["refresh"])).status_code == 401
    assert (await ada.sessions(second["access"])).status_code == 401
    assert (await ada.sessions(elsewhere["access"])).status_code == 200


async def test_ten_clients_with_one_token_get_one_successor_and_the_family_lives(ada: Account) -> None:
    first = await ada.log_in()

    answers = await asyncio.gather(*(ada.refresh(first["refresh"]) for _ in range(10)))

    assert {answer.status_code for answer in answers} == {200}
    (successor,) = {answer.json()["refresh"] for answer in answers}
    for answer in answers:
        assert (await ada.sessions(answer.json()["access"])).status_code == 200
    assert (await ada.refresh(successor)).status_code == 200


async def test_reuse_from_many_clients_at_once_ends_the_family_once_and_quietly(ada: Account, world: World) -> None:
    first = await ada.log_in()
    second = (await ada.refresh(first["refresh"])).json()
    world.clock.advance(seconds=11)

    answers = await asyncio.gather(*(ada.refresh(first["refresh"]) for _ in range(10)))

    assert {answer.status_code for answer in answers} == {401}
    assert (await ada.refresh(second["refresh"])).status_code == 401
