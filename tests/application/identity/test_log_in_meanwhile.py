import asyncio

import pytest

from domain.identity.user import WrongCredentialsError
from tests.application.identity.desk import ADA, PASSWORD, Desk

OLD = f"old:plain:{PASSWORD}"


async def test_two_logins_that_renew_the_same_hash_both_succeed() -> None:
    desk = Desk()
    desk.change(password_hash=OLD)
    desk.hasher.meanwhile = lambda: desk.change(password_hash=f"plain:{PASSWORD}")

    await desk.log_in()

    assert desk.hasher.verified == [(PASSWORD, OLD), (PASSWORD, f"plain:{PASSWORD}")]
    assert len(desk.sessions) == 1


async def test_a_password_that_is_changed_meanwhile_opens_nothing() -> None:
    desk = Desk()
    desk.hasher.meanwhile = lambda: desk.change(password_hash="plain:another")

    with pytest.raises(WrongCredentialsError):
        await desk.log_in()

    assert desk.sessions == []
    assert desk.tables.users[ADA.id].password_hash == "plain:another"


async def test_a_user_who_is_deactivated_meanwhile_does_not_get_in() -> None:
    desk = Desk()
    desk.hasher.meanwhile = lambda: desk.change(is_active=False)

    with pytest.raises(WrongCredentialsError):
        await desk.log_in()

    assert desk.sessions == []


async def test_a_user_who_is_deleted_meanwhile_is_like_an_unknown_one() -> None:
    desk = Desk()
    desk.hasher.meanwhile = lambda: desk.tables.users.clear()  # noqa: PLW0108  another dict by then

    with pytest.raises(WrongCredentialsError):
        await desk.log_in()


async def test_many_at_once_all_get_in() -> None:
    desk = Desk()

    pairs = await asyncio.gather(*(desk.log_in() for _ in range(10)))

    assert len({pair.refresh for pair in pairs}) == 10
    assert len(desk.sessions) == 10
