from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.identity.session import Session
from domain.identity.user import WrongCredentialsError
from domain.shared.caller import SessionId
from domain.shared.errors import ThrottledError
from tests.application.identity.desk import ADA, PASSWORD, Desk
from tests.domain.identity.people import CLIENT, NOON, WEEK

OLD = f"old:plain:{PASSWORD}"


@pytest.mark.parametrize("login", ["ada1", "ADA1", "ada1@example.org", "Ada1@Example.Org"])
async def test_logs_in_by_name_or_address_in_any_case(login: str) -> None:
    desk = Desk()

    pair = await desk.log_in(login)

    caller = await desk.authenticate(token=pair.access)
    assert (caller.user_id, caller.label) == (ADA.id, "ada1")
    assert await desk.is_good(pair.refresh)


async def test_opens_a_session_for_the_client_and_remembers_when() -> None:
    desk = Desk()

    pair = await desk.log_in()

    session_id = SessionId((await desk.authenticate(token=pair.access)).session_id)  # type: ignore[arg-type]  # it has
    assert desk.sessions == [
        Session(
            id=session_id, user_id=ADA.id, client=CLIENT, created_at=NOON, last_used_at=NOON, expires_at=NOON + WEEK
        )
    ]
    assert desk.tables.users[ADA.id] == replace(ADA, last_login_at=NOON)


async def test_every_login_is_a_session_of_its_own() -> None:
    desk = Desk()

    await desk.log_in()
    await desk.log_in()

    assert len({session.id for session in desk.sessions}) == 2


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("ada1", "wrong"),
        ("ada1", ""),
        ("nobody", PASSWORD),
        ("", PASSWORD),
        ("ada\0", PASSWORD),
        ("\u212aada1", PASSWORD),
    ],
)
async def test_refuses_a_wrong_password_and_an_unknown_name_alike(login: str, password: str) -> None:
    desk = Desk()

    with pytest.raises(WrongCredentialsError, match="no active account has this name and password"):
        await desk.log_in(login, password)
    assert desk.sessions == []


async def test_refuses_a_deactivated_user_in_the_same_words() -> None:
    desk = Desk()
    desk.change(is_active=False)

    with pytest.raises(WrongCredentialsError, match="no active account has this name and password"):
        await desk.log_in()


@pytest.mark.parametrize(
    ("login", "password", "active"),
    [("ada1", "wrong", True), ("nobody", PASSWORD, True), ("ada1", PASSWORD, False), ("ada1", "wrong", False)],
)
async def test_every_refusal_costs_one_verification_and_no_hash(login: str, password: str, *, active: bool) -> None:
    desk = Desk()
    desk.change(is_active=active)

    with pytest.raises(WrongCredentialsError):
        await desk.log_in(login, password)

    assert [verified for verified, _ in desk.hasher.verified] == [password]
    assert desk.hasher.hashed == []


async def test_counts_every_attempt_before_it_looks_at_the_password() -> None:
    desk = Desk()
    with pytest.raises(WrongCredentialsError):
        await desk.log_in(password="wrong")
    desk.throttle.shut = True
    with pytest.raises(ThrottledError):
        await desk.log_in()

    assert desk.throttle.admitted == [("ada1", CLIENT.address)]
    assert len(desk.hasher.verified) == 1
    assert desk.sessions == []


async def test_forgives_for_the_right_password_alone() -> None:
    desk = Desk()
    with pytest.raises(WrongCredentialsError):
        await desk.log_in(password="wrong")
    assert desk.throttle.forgiven == []

    await desk.log_in()

    assert desk.throttle.forgiven == [("ada1", CLIENT.address)]


async def test_does_not_forgive_a_deactivated_user() -> None:
    desk = Desk()
    desk.change(is_active=False)

    with pytest.raises(WrongCredentialsError):
        await desk.log_in()

    assert desk.throttle.forgiven == []


async def test_renews_an_outdated_hash() -> None:
    desk = Desk()
    desk.change(password_hash=OLD)

    await desk.log_in()

    assert desk.tables.users[ADA.id].password_hash == f"plain:{PASSWORD}"


async def test_leaves_an_outdated_hash_of_whoever_does_not_know_the_password() -> None:
    desk = Desk()
    desk.change(password_hash=OLD)

    with pytest.raises(WrongCredentialsError):
        await desk.log_in(password="wrong")

    assert desk.tables.users[ADA.id].password_hash == OLD


async def test_tokens_live_as_long_as_the_settings_say() -> None:
    desk = Desk(access=timedelta(seconds=30), refresh=timedelta(minutes=2))
    pair = await desk.log_in()

    desk.later(seconds=29)
    assert await desk.is_good(pair.access)
    desk.later(seconds=1)
    assert not await desk.is_good(pair.access)
    desk.later(seconds=89)
    assert await desk.is_good(pair.refresh)
    desk.later(seconds=1)
    assert not await desk.is_good(pair.refresh)


async def test_guesses_count_for_the_account_under_both_of_its_names() -> None:
    desk = Desk()
    with suppress(WrongCredentialsError):
        await desk.log_in("ada1", "wrong")
    with suppress(WrongCredentialsError):
        await desk.log_in("ada1@example.org", "wrong")
    assert [account for account, _ in desk.throttle.admitted] == [ADA.username, ADA.username]
