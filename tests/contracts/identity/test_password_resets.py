"""Passwords set anew by mail, on every store and in both kinds of scope."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from application.identity.change_user import ChangeUser
from application.identity.log_in import LogIn
from application.identity.ports import UserRepository
from application.identity.request_password_reset import RequestPasswordReset
from application.identity.reset_password import ResetPassword
from application.shared.ports import UnitOfWork
from domain.identity.password_reset import ResetTokenError
from domain.identity.session import Client, SessionEnd
from domain.identity.user import User, UserChanges, WrongCredentialsError
from domain.shared.caller import Caller, SessionId, UserId
from domain.shared.changes import UNCHANGED, Unchanged
from domain.shared.errors import InvalidError
from domain.tenancy.scope import Scope
from entrypoints.identifiers import new_id
from tests.contracts.identity.ports import reading, store
from tests.domain.identity.people import a_session
from tests.mail.links import link_in, token_in
from tests.world import PASSWORD, PLATFORM, World

HERE = Client(address="192.0.2.1", user_agent="a test")
NEW = "a-better-password"


async def ask(world: World, scope: Scope, email: str, host: str = "acme.localhost") -> None:
    async with world.acting(scope) as container:
        await (await container.get(RequestPasswordReset))(email=email, host=host, client=HERE)
    await world.settle()


async def asked(world: World, scope: Scope, user: User) -> str:
    """The token of the mail."""
    await ask(world, scope, user.email)
    return token_in(world.mails.to(user.email)[-1])


async def reset(world: World, scope: Scope, token: str, password: str = NEW) -> None:
    async with world.acting(scope) as container:
        await (await container.get(ResetPassword))(token=token, password=password)


async def log_in(world: World, scope: Scope, user: User, password: str) -> None:
    async with world.acting(scope) as container:
        await (await container.get(LogIn))(login=user.username, password=password, client=HERE)


async def change(world: World, scope: Scope, user: User, **fields: Any) -> None:
    async with world.acting(scope) as container:
        users = await container.get(UserRepository)
        async with await container.get(UnitOfWork):
            await users.save(replace(await users.get(user.id), **fields))


@pytest.fixture(params=["platform", "site"])
async def scope(request: pytest.FixtureRequest, world: World) -> Scope:
    return PLATFORM if request.param == "platform" else await world.site()


@pytest.fixture
async def user(world: World, scope: Scope) -> User:
    return await world.user(scope, f"ada-{world.suffix}")


async def test_the_mail_leads_to_the_host_and_sets_a_password(world: World, scope: Scope, user: User) -> None:
    token = await asked(world, scope, user)
    assert link_in(world.mails.to(user.email)[0]) == f"http://acme.localhost:8000/password/reset/?token={token}"
    await reset(world, scope, token)
    await log_in(world, scope, user, NEW)
    with pytest.raises(WrongCredentialsError):
        await log_in(world, scope, user, PASSWORD)


async def test_every_session_ends(world: World, scope: Scope, user: User) -> None:
    session = replace(a_session(), id=SessionId(new_id()), user_id=user.id)
    await store(world, scope, session)
    await reset(world, scope, await asked(world, scope, user))
    async with reading(world, scope) as ports:
        found = await ports.sessions.find(session.id)
        access = await ports.access.find(user.id, session.id)
    assert found
    assert found.ended_because is SessionEnd.PASSWORD_RESET
    assert access
    assert access.token_version == user.token_version + 1


async def test_a_token_is_good_once_and_a_newer_one_replaces_it(world: World, scope: Scope, user: User) -> None:
    first, second = await asked(world, scope, user), await asked(world, scope, user)
    with pytest.raises(ResetTokenError):
        await reset(world, scope, first)
    await reset(world, scope, second)
    for token in (first, second, "nonsense"):
        with pytest.raises(ResetTokenError):
            await reset(world, scope, token)


async def test_a_token_is_good_for_an_hour(world: World, scope: Scope, user: User) -> None:
    token = await asked(world, scope, user)
    world.clock.advance(minutes=60)
    with pytest.raises(ResetTokenError):
        await reset(world, scope, token)


async def test_a_password_that_is_refused_uses_nothing_up(world: World, scope: Scope, user: User) -> None:
    token = await asked(world, scope, user)
    for weak in ("short", "password123", user.username):
        with pytest.raises(InvalidError) as caught:
            await reset(world, scope, token, weak)
        assert list(caught.value.details) == ["password"]
    await reset(world, scope, token)


async def test_a_token_of_one_site_is_worthless_on_another(world: World) -> None:
    ant, bee = await world.site("ant"), await world.site("bee")
    scopes: list[Scope] = [ant, bee, PLATFORM]
    users = [await world.user(scope, f"ada-{world.suffix}") for scope in scopes]
    for own, user in zip(scopes, users, strict=True):
        token = await asked(world, own, user)
        for other in scopes:
            if other != own:
                with pytest.raises(ResetTokenError):
                    await reset(world, other, token)
        await reset(world, own, token)


async def test_case_does_not_matter_but_a_username_is_no_address(world: World, scope: Scope, user: User) -> None:
    await ask(world, scope, user.email.upper())
    assert len(world.mails.sent) == 1
    for nobody in (user.username, "nobody@example.org", "\x00", "K@example.org"):
        await ask(world, scope, nobody)
    assert len(world.mails.sent) == 1


@pytest.mark.parametrize("fields", [{"is_active": False}, {"linked_user_id": UserId(UUID(int=77))}])
async def test_who_cannot_sign_in_here_by_password_gets_no_mail(world: World, fields: dict[str, Any]) -> None:
    scope = await world.site()
    user = await world.user(scope, "ada")
    token = await asked(world, scope, user)
    await change(world, scope, user, **fields)
    await ask(world, scope, user.email)
    assert len(world.mails.sent) == 1
    with pytest.raises(ResetTokenError):
        await reset(world, scope, token)


async def test_another_address_ends_what_the_old_one_was_sent(world: World, scope: Scope, user: User) -> None:
    token = await asked(world, scope, user)
    await change(world, scope, user, email=f"new-{world.suffix}@example.org", updated_at=world.clock())
    with pytest.raises(ResetTokenError):
        await reset(world, scope, token)


@pytest.mark.parametrize("change_by_admin", [{"email": "moved@example.org"}, {"password": "set-by-an-admin"}])
async def test_what_an_admin_changes_ends_an_open_token(
    world: World, scope: Scope, user: User, change_by_admin: dict[str, str]
) -> None:
    token, admin = await asked(world, scope, user), await world.admin(scope)
    email: str | Unchanged = change_by_admin.get("email", UNCHANGED)
    password: str | Unchanged = change_by_admin.get("password", UNCHANGED)
    world.clock.advance(seconds=1)
    caller = Caller(label=admin.username, user_id=admin.id, permissions=scope.permissions(is_admin=True))
    async with world.acting(scope, caller) as container:
        change_user = await container.get(ChangeUser)
        await change_user(user_id=user.id, changes=UserChanges(email=email), password=password, seen=None)
    with pytest.raises(ResetTokenError):
        await reset(world, scope, token)


async def test_nobodys_mailbox_is_filled(world: World, scope: Scope, user: User) -> None:
    for _ in range(7):
        await ask(world, scope, user.email)
    assert len(world.mails.to(user.email)) == 5
    await reset(world, scope, token_in(world.mails.to(user.email)[-1]))
    world.clock.advance(minutes=61)
    await ask(world, scope, user.email)
    assert len(world.mails.to(user.email)) == 6
