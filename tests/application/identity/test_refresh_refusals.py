import pytest

from domain.identity.tokens import InvalidTokenError
from tests.application.identity.desk import ADA, Desk


async def test_refuses_an_expired_token() -> None:
    desk = Desk()
    pair = await desk.log_in()
    desk.later(days=7)

    with pytest.raises(InvalidTokenError, match="expired"):
        await desk.refresh(pair.refresh)


async def test_refuses_a_token_of_an_ended_session() -> None:
    desk = Desk()
    pair = await desk.log_in()
    await desk.log_out(pair.refresh)

    with pytest.raises(InvalidTokenError, match="ended"):
        await desk.refresh(pair.refresh)


async def test_refuses_a_deactivated_user_and_spends_nothing() -> None:
    desk = Desk()
    pair = await desk.log_in()
    desk.change(is_active=False)

    with pytest.raises(InvalidTokenError, match="ended"):
        await desk.refresh(pair.refresh)

    desk.change(is_active=True)
    assert await desk.is_good((await desk.refresh(pair.refresh)).access)


async def test_refuses_a_deleted_user() -> None:
    desk = Desk()
    pair = await desk.log_in()
    del desk.tables.users[ADA.id]

    with pytest.raises(InvalidTokenError, match="ended"):
        await desk.refresh(pair.refresh)


async def test_refuses_a_sound_token_that_was_never_given_out() -> None:
    desk = Desk()
    pair = await desk.log_in()
    desk.tables.refresh_tokens.clear()

    with pytest.raises(InvalidTokenError, match="never given out"):
        await desk.refresh(pair.refresh)


async def test_refuses_an_access_token() -> None:
    desk = Desk()
    pair = await desk.log_in()

    with pytest.raises(InvalidTokenError, match="another kind"):
        await desk.refresh(pair.access)
