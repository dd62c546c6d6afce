"""ChangePassword and CreateAdmin."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.identity.session import SessionEnd
from domain.identity.user import EmailTakenError, User, UsernameTakenError, WrongCredentialsError
from domain.shared.caller import Caller, NotPermittedError, Permission
from domain.shared.errors import InvalidError, ThrottledError
from tests.application.identity.desk import ADA, ELSEWHERE, PASSWORD, Desk
from tests.domain.identity.people import NOON

NEW = "a-better-password"
OPERATOR = Caller(label="operator", permissions=frozenset(Permission))


async def test_the_new_password_opens_and_the_old_one_does_not() -> None:
    desk = Desk()

    await desk.change_password(PASSWORD, NEW)

    assert await desk.log_in(password=NEW)
    with pytest.raises(WrongCredentialsError):
        await desk.log_in()


async def test_a_change_ends_every_session_and_answers_a_pair_that_works() -> None:
    desk = Desk()
    before = [await desk.log_in() for _ in range(2)]
    desk.later(minutes=1)

    pair = await desk.change_password(PASSWORD, NEW)

    for old in before:
        assert not await desk.is_good(old.access)
        assert not await desk.is_good(old.refresh)
    assert await desk.is_good(pair.access)
    assert await desk.is_good((await desk.refresh(pair.refresh)).access)
    *ended, opened = desk.sessions
    assert [session.ended_because for session in ended] == [SessionEnd.PASSWORD_CHANGED] * 2
    assert (opened.client, opened.created_at) == (ELSEWHERE, desk.now)


async def test_a_change_makes_a_new_version_of_the_user() -> None:
    desk = Desk()
    desk.later(minutes=1)

    await desk.change_password(PASSWORD, NEW)

    expected = replace(
        ADA, password_hash=f"plain:{NEW}", token_version=2, version=2, updated_at=NOON + timedelta(minutes=1)
    )
    assert desk.tables.users[ADA.id] == expected


async def test_without_the_present_password_nothing_changes() -> None:
    desk = Desk()
    pair = await desk.log_in()
    before = desk.tables.users[ADA.id]

    with pytest.raises(InvalidError) as refused:
        await desk.change_password("wrong", NEW)

    assert list(refused.value.details) == ["current_password"]
    assert desk.tables.users[ADA.id] == before
    assert await desk.is_good(pair.access)
    assert desk.throttle.forgiven == [("ada1", "192.0.2.1")]


@pytest.mark.parametrize("new", ["short", "ada1", "passwordpassword", "x" * 129])
async def test_refuses_a_bad_new_password(new: str) -> None:
    desk = Desk()

    with pytest.raises(InvalidError) as refused:
        await desk.change_password(PASSWORD, new)

    assert list(refused.value.details) == ["new_password"]
    assert desk.tables.users[ADA.id] == ADA


async def test_guesses_count_as_logins_do() -> None:
    desk = Desk()
    with pytest.raises(InvalidError):
        await desk.change_password("wrong", NEW)
    desk.throttle.shut = True

    with pytest.raises(ThrottledError):
        await desk.change_password(PASSWORD, NEW)

    assert desk.throttle.admitted == [("ada1", ELSEWHERE.address)]
    assert len(desk.hasher.verified) == 1
    assert desk.tables.users[ADA.id] == ADA


async def test_of_two_changes_at_once_one_wins() -> None:
    desk = Desk()
    desk.hasher.meanwhile = lambda: desk.change(password_hash="plain:quicker")

    with pytest.raises(InvalidError) as refused:
        await desk.change_password(PASSWORD, NEW)

    assert list(refused.value.details) == ["current_password"]
    assert desk.tables.users[ADA.id].password_hash == "plain:quicker"
    assert desk.sessions == []


async def test_the_operator_has_no_password_to_change() -> None:
    with pytest.raises(NotPermittedError):
        await Desk().change_password(PASSWORD, NEW, OPERATOR)


async def test_creates_an_admin_who_can_log_in() -> None:
    desk = Desk()

    user = await desk.create_admin(OPERATOR, "Grace", "grace@example.org", NEW)

    assert user == User(
        id=user.id,
        username="Grace",
        email="grace@example.org",
        password_hash=f"plain:{NEW}",
        is_admin=True,
        created_at=NOON,
        updated_at=NOON,
        created_by=None,
    )
    assert desk.tables.users[user.id] == user
    caller = await desk.authenticate(token=(await desk.log_in("grace", NEW)).access)
    assert Permission.USERS_MANAGE in caller.permissions


async def test_remembers_who_created_an_admin() -> None:
    desk = Desk()

    caller = desk.caller(None, Permission.USERS_MANAGE, Permission.ADMINS_MANAGE)
    user = await desk.create_admin(caller, "grace", "grace@example.org", NEW)

    assert user.created_by == ADA.id


@pytest.mark.parametrize("missing", [Permission.USERS_MANAGE, Permission.ADMINS_MANAGE])
async def test_creates_nobody_without_the_permission(missing: Permission) -> None:
    desk = Desk()
    allowed = set(Permission) - {missing}

    with pytest.raises(NotPermittedError):
        await desk.create_admin(desk.caller(None, *allowed), "grace", "grace@example.org", NEW)

    assert list(desk.tables.users) == [ADA.id]
    assert desk.hasher.hashed == []


@pytest.mark.parametrize(
    ("username", "email", "error"),
    [("ADA1", "grace@example.org", UsernameTakenError), ("grace", "Ada1@Example.org", EmailTakenError)],
)
async def test_refuses_a_taken_name_and_a_taken_address(username: str, email: str, error: type[Exception]) -> None:
    desk = Desk()

    with pytest.raises(error):
        await desk.create_admin(OPERATOR, username, email, NEW)

    assert list(desk.tables.users.values()) == [ADA]


@pytest.mark.parametrize(
    ("username", "email", "password", "field"),
    [
        ("gr ace", "grace@example.org", NEW, "username"),
        ("grace", "grace", NEW, "email"),
        ("grace", "grace@example.org", "short", "password"),
    ],
)
async def test_refuses_a_bad_admin_by_the_field(username: str, email: str, password: str, field: str) -> None:
    desk = Desk()

    with pytest.raises(InvalidError) as refused:
        await desk.create_admin(OPERATOR, username, email, password)

    assert list(refused.value.details) == [field]
    assert list(desk.tables.users) == [ADA.id]
