from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeAlias

import pytest

from tests.http.accounts import JWT, Account
from tests.world import PASSWORD, World, memory_world

App: TypeAlias = Callable[..., AbstractAsyncContextManager[Account]]
AWAY = "redis://127.0.0.1:1/0"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """On memory: the counts are elsewhere."""
    async with memory_world() as world:
        await world.admin(await world.site(), "ada")
        await world.admin(await world.site("other"), "ada")
        yield world


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"password"}),
        ({"password": PASSWORD}, {"username"}),
        ({"password": PASSWORD, "username": "ada", "email": "ada@example.org"}, {"username"}),
        ({"password": "", "username": "", "email": "a\0b"}, {"password", "username", "email"}),
        ({"password": 5, "username": ["ada"]}, {"password", "username"}),
        ({"password": "x" * 1025, "username": "x" * 255}, {"password", "username"}),
        ({"password": PASSWORD, "username": "ada", "remember": True}, {"remember"}),
    ],
)
async def test_names_every_wrong_field(world: World, body: dict[str, Any], fields: set[str]) -> None:
    async with world.http() as client:
        answer = await client.post(f"{world.host()}{JWT}/token/", json=body)

    assert answer.status_code == 400
    assert set(answer.json()["details"]) == fields


@pytest.mark.parametrize(
    ("username", "password"),
    [("ada", "wrong"), ("nobody", PASSWORD), ("ada\n", PASSWORD), ("äda", PASSWORD), ("🦀", "pass\0word"), ("'", "\n")],
)
async def test_refuses_in_the_same_words_whatever_is_wrong(world: World, username: str, password: str) -> None:
    async with world.http() as client:
        answer = await Account(client, world.host(), username).attempt(password)

    assert answer.status_code == 401
    assert answer.json() == {
        "error": "Unauthorized",
        "code": "wrong_credentials",
        "detail": "No active account has this name and password.",
    }
    assert answer.headers["www-authenticate"].startswith("Bearer ")
