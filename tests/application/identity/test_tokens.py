"""VerifyToken and Authenticate."""

from dataclasses import replace

import pytest

from domain.identity.tokens import InvalidTokenError
from domain.shared.caller import PLATFORM_PERMISSIONS, Caller
from tests.application.identity.desk import ADA, Desk
from tests.domain.identity.people import a_user


async def test_a_fresh_pair_is_good() -> None:
    desk = Desk()
    pair = await desk.log_in()

    await desk.verify(pair.access)
    await desk.verify(pair.refresh)


async def test_to_verify_a_refresh_token_does_not_spend_it() -> None:
    desk = Desk()
    pair = await desk.log_in()
    await desk.verify(pair.refresh)

    assert await desk.refresh(pair.refresh)


async def test_a_used_refresh_token_is_not_good_even_within_the_grace() -> None:
    desk = Desk()
    pair = await desk.log_in()
    await desk.refresh(pair.refresh)

    with pytest.raises(InvalidTokenError, match="used"):
        await desk.verify(pair.refresh)


async def test_a_refresh_token_that_was_never_given_out_is_not_good() -> None:
    desk = Desk()
    pair = await desk.log_in()
    desk.tables.refresh_tokens.clear()

    assert not await desk.is_good(pair.refresh)
    assert await desk.is_good(pair.access)


async def test_nothing_is_good_after_a_logout() -> None:
    desk = Desk()
    pair = await desk.log_in()
    await desk.log_out(pair.refresh)

    assert not await desk.is_good(pair.refresh)
    assert not await desk.is_good(pair.access)


async def test_nothing_of_a_deactivated_user_is_good() -> None:
    desk = Desk()
    pair = await desk.log_in()
    desk.change(is_active=False)

    assert not await desk.is_good(pair.refresh)
    assert not await desk.is_good(pair.access)


async def test_nothing_of_a_deleted_user_is_good() -> None:
    desk = Desk()
    pair = await desk.log_in()
    del desk.tables.users[ADA.id]

    assert not await desk.is_good(pair.refresh)
    assert not await desk.is_good(pair.access)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "\ud800", "a\0b"])
async def test_what_is_no_token_is_not_good(token: str) -> None:
    assert not await Desk().is_good(token)


async def test_an_access_token_tells_who_its_holder_is_and_what_they_may() -> None:
    desk = Desk()
    pair = await desk.log_in()

    caller = await desk.authenticate(token=pair.access)

    (session,) = desk.sessions
    assert caller == Caller(label="ada1", permissions=PLATFORM_PERMISSIONS, user_id=ADA.id, session_id=session.id)


async def test_permissions_are_those_of_now_and_not_of_the_login() -> None:
    desk = Desk()
    pair = await desk.log_in()
    desk.change(is_admin=False)

    assert (await desk.authenticate(token=pair.access)).permissions == frozenset()


async def test_nobody_is_authenticated_by_a_refresh_token() -> None:
    desk = Desk()
    pair = await desk.log_in()

    with pytest.raises(InvalidTokenError, match="another kind"):
        await desk.authenticate(token=pair.refresh)


@pytest.mark.parametrize("version", [0, 2])
async def test_a_token_of_another_version_authenticates_nobody(version: int) -> None:
    desk = Desk()
    pair = await desk.log_in()
    desk.change(token_version=version)

    with pytest.raises(InvalidTokenError, match="ended"):
        await desk.authenticate(token=pair.access)


async def test_a_token_of_a_session_that_is_gone_authenticates_nobody() -> None:
    desk = Desk()
    pair = await desk.log_in()
    desk.tables.sessions.clear()

    with pytest.raises(InvalidTokenError, match="ended"):
        await desk.authenticate(token=pair.access)


async def test_an_expired_token_authenticates_nobody() -> None:
    desk = Desk()
    pair = await desk.log_in()
    desk.later(minutes=15)

    with pytest.raises(InvalidTokenError, match="expired"):
        await desk.authenticate(token=pair.access)


async def test_the_session_of_another_user_does_not_authenticate() -> None:
    desk = Desk()
    pair = await desk.log_in()
    (session,) = desk.sessions
    other = a_user(2)
    desk.tables.users[other.id] = other
    desk.tables.sessions[session.id] = replace(session, user_id=other.id)

    assert not await desk.is_good(pair.access)
