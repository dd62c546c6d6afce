from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.http.staff import Person, sign_in
from tests.world import PASSWORD, PLATFORM, World

PROFILE = "/api/profile/"


@pytest.fixture(params=["site", "platform"])
async def bob(world: World, request: pytest.FixtureRequest) -> AsyncIterator[Person]:
    """A plain user, of a site or of the platform, on which there is an Ada too."""
    scope = await world.site()
    base, suffix = world.host(), ""
    if request.param == "platform":
        scope, base, suffix = PLATFORM, "http://localhost", f"-{world.suffix}"  # type: ignore[assignment]  # either
    for name in ("ada", "bob"):
        await world.user(scope, name + suffix)
    async with world.http() as client:
        yield await sign_in(client, base, f"bob{suffix}")


async def test_shows_who_one_is(bob: Person) -> None:
    answer = await bob("GET", PROFILE)

    assert answer.json() == await bob.me()
    assert answer.headers["etag"] == '"1"'


async def test_changes_the_own_names(bob: Person) -> None:
    before = await bob.me()
    answer = await bob("PATCH", PROFILE, json={"first_name": "Robert"}, headers={"If-Match": '"1"'})
    stale = await bob("PATCH", PROFILE, json={"first_name": "Bobby"}, headers={"If-Match": '"1"'})

    assert answer.json() == before | {"first_name": "Robert", "version": 2, "updated_at": answer.json()["updated_at"]}
    assert (answer.headers["etag"], stale.status_code) == ('"2"', 412)


async def test_writes_all_that_is_ones_own(bob: Person) -> None:
    email = (await bob.me())["email"]
    partial = await bob("PUT", PROFILE, json={"email": email})
    answer = await bob("PUT", PROFILE, json={"email": email, "first_name": "R", "last_name": "B"})

    assert partial.json()["details"].keys() == {"first_name", "last_name"}
    assert (answer.json()["first_name"], answer.json()["last_name"]) == ("R", "B")


@pytest.mark.parametrize("proof", [{}, {"current_password": "wrong"}, {"current_password": None}])
async def test_another_email_takes_the_present_password(bob: Person, proof: dict[str, Any]) -> None:
    new = f"new-{(await bob.me())['email']}"
    for method, rest in (("PATCH", {}), ("PUT", {"first_name": "", "last_name": ""})):
        refused = await bob(method, PROFILE, json={"email": new} | rest | proof)
        assert (refused.status_code, refused.json()["details"].keys()) == (400, {"current_password"})
    assert (await bob.me())["version"] == 1

    answer = await bob("PATCH", PROFILE, json={"email": new, "current_password": PASSWORD})
    assert (answer.status_code, answer.json()["email"]) == (200, new)
    log_in = {"email": new.upper(), "password": PASSWORD}
    assert (await bob.client.post(f"{bob.base}/api/auth/jwt/token/", json=log_in)).status_code == 200


async def test_a_taken_email_is_refused(bob: Person) -> None:
    taken = (await bob.me())["email"].replace("bob", "ADA")
    refused = await bob("PATCH", PROFILE, json={"email": taken, "current_password": PASSWORD})

    assert (refused.status_code, refused.json()["code"]) == (409, "email_taken")


async def test_guesses_at_the_password_are_counted(bob: Person) -> None:
    new = f"new-{(await bob.me())['email']}"
    answers = [await bob("PATCH", PROFILE, json={"email": new, "current_password": "wrong"}) for _ in range(12)]

    assert [answers[0].status_code, answers[-1].status_code] == [400, 429]
    assert answers[-1].headers["retry-after"]
    assert (await bob("PATCH", PROFILE, json={"first_name": "Robert"})).status_code == 200


@pytest.mark.parametrize("field", ["username", "is_admin", "is_active", "groups", "password"])
async def test_the_rest_is_not_ones_own_to_change(bob: Person, field: str) -> None:
    refused = await bob("PATCH", PROFILE, json={field: True})

    assert (refused.status_code, refused.json()["details"].keys()) == (400, {field})
