from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest

from tests.http.accounts import JWT, NEW_PASSWORD, PLATFORM, Account, bearer
from tests.world import World

SESSIONS = "/api/auth/sessions/"


@pytest.fixture
async def ada(world: World) -> AsyncIterator[Account]:
    """The admin of a site, which has another admin, `grace`; the platform has an `ada` too."""
    scope = await world.site()
    await world.admin(scope, "ada")
    await world.admin(scope, "grace")
    await world.admin(username="ada")
    async with world.http() as client:
        yield Account(client, world.host(), "ada")


async def ids(account: Account, access: str) -> list[str]:
    answer = await account.sessions(access)
    assert answer.status_code == 200
    return [session["id"] for session in answer.json()["results"]]


async def end(account: Account, access: str, session_id: object = "") -> httpx.Response:
    path = f"{SESSIONS}{session_id}/" if session_id else SESSIONS
    return await account.client.delete(account.base + path, headers=bearer(access))


async def test_lists_the_own_sessions_the_one_used_last_first(ada: Account, world: World) -> None:
    first = await ada.log_in(**{"User-Agent": "the first"})
    world.clock.advance(seconds=1)
    await ada.log_in(**{"User-Agent": "the second"})
    world.clock.advance(seconds=1)
    first = (await ada.refresh(first["refresh"])).json()
    await Account(ada.client, ada.base, "grace").log_in()

    answer = await ada.sessions(first["access"])

    shown = answer.json()
    assert (shown["count"], shown["next"], shown["previous"]) == (2, None, None)
    assert [(one["user_agent"], one["current"]) for one in shown["results"]] == [
        ("the first", True),
        ("the second", False),
    ]
    one = shown["results"][0]
    assert set(one) == {
        "id",
        "created_at",
        "last_used_at",
        "expires_at",
        "address",
        "user_agent",
        "current",
        "impersonated_by",
    }
    assert one["address"] == "127.0.0.1"
    assert one["created_at"] < one["last_used_at"] < one["expires_at"]
    assert one["created_at"].endswith("Z")


async def test_lists_page_by_page(ada: Account) -> None:
    pairs = [await ada.log_in() for _ in range(3)]
    headers = bearer(pairs[0]["access"])

    first = (await ada.client.get(f"{ada.base}{SESSIONS}?page_size=2", headers=headers)).json()
    second = (await ada.client.get(first["next"], headers=headers)).json()

    assert (first["count"], second["count"]) == (3, 3)
    assert (len(first["results"]), len(second["results"])) == (2, 1)
    assert second["next"] is None
    assert (await ada.client.get(f"{ada.base}{SESSIONS}?pages=2", headers=headers)).status_code == 400


async def test_ends_one_session_and_leaves_the_others(ada: Account) -> None:
    here = await ada.log_in()
    there = await ada.log_in()
    there_id = (await ids(ada, there["access"]))[0]

    assert (await end(ada, here["access"], there_id)).status_code == 204
    assert (await end(ada, here["access"], there_id)).status_code == 204

    assert (await ada.sessions(there["access"])).status_code == 401
    assert (await ada.refresh(there["refresh"])).status_code == 401
    assert len(await ids(ada, here["access"])) == 1


async def test_may_end_the_session_that_asks(ada: Account) -> None:
    pair = await ada.log_in()
    (own,) = await ids(ada, pair["access"])

    assert (await end(ada, pair["access"], own)).status_code == 204
    assert (await ada.sessions(pair["access"])).status_code == 401


async def test_somebody_elses_session_is_not_found_and_stays(ada: Account, world: World) -> None:
    pair = await ada.log_in()
    others = [Account(ada.client, ada.base, "grace"), Account(ada.client, PLATFORM, f"ada-{world.suffix}")]
    for other in others:
        theirs = await other.log_in()
        (their_id,) = await ids(other, theirs["access"])

        refused = await end(ada, pair["access"], their_id)

        assert refused.status_code == 404
        assert refused.json()["code"] == "session_not_found"
        assert (await other.sessions(theirs["access"])).status_code == 200
    unknown = await end(ada, pair["access"], uuid4())
    assert unknown.json() == refused.json()
    assert (await end(ada, pair["access"], UUID(int=0))).status_code == 404
    assert (await end(ada, pair["access"], "not-an-id")).status_code == 404


async def test_logs_out_everywhere_here_included_and_nobody_else(ada: Account) -> None:
    pairs = [await ada.log_in() for _ in range(3)]
    grace = Account(ada.client, ada.base, "grace")
    hers = await grace.log_in()

    assert (await end(ada, pairs[0]["access"])).status_code == 204

    for pair in pairs:
        assert (await ada.sessions(pair["access"])).status_code == 401
        assert await ada.verify(pair["refresh"]) == 401
        assert (await ada.refresh(pair["refresh"])).status_code == 401
    assert (await grace.sessions(hers["access"])).status_code == 200
    assert len(await ids(ada, (await ada.log_in())["access"])) == 1


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_sessions_are_for_the_signed_in(ada: Account, method: str) -> None:
    answer = await ada.client.request(method, ada.base + SESSIONS)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer ")


async def test_a_new_password_ends_the_other_sessions_and_answers_a_pair_that_works(ada: Account) -> None:
    here, there = await ada.log_in(), await ada.log_in()

    answer = await ada.change_password(here["access"])

    assert answer.status_code == 200
    pair = answer.json()
    for old in (here, there):
        assert (await ada.sessions(old["access"])).status_code == 401
        assert (await ada.refresh(old["refresh"])).status_code == 401
    assert len(await ids(ada, pair["access"])) == 1
    assert (await ada.refresh(pair["refresh"])).status_code == 200
    assert (await ada.attempt()).status_code == 401
    assert (await ada.attempt(NEW_PASSWORD)).status_code == 200


async def test_a_new_password_on_one_site_changes_nothing_on_the_platform(ada: Account, world: World) -> None:
    await ada.change_password((await ada.log_in())["access"])

    assert (await Account(ada.client, PLATFORM, f"ada-{world.suffix}").attempt()).status_code == 200


@pytest.mark.parametrize(
    ("current", "new", "field"),
    [
        ("wrong", NEW_PASSWORD, "current_password"),
        ("a-good-password", "short", "new_password"),
        ("a-good-password", "ada@example.org", "new_password"),
        ("", NEW_PASSWORD, "current_password"),
    ],
)
async def test_a_change_that_is_refused_changes_nothing(ada: Account, current: str, new: str, field: str) -> None:
    pair = await ada.log_in()

    answer = await ada.change_password(pair["access"], current, new)

    assert answer.status_code == 400
    assert list(answer.json()["details"]) == [field]
    assert (await ada.sessions(pair["access"])).status_code == 200
    assert (await ada.attempt()).status_code == 200


async def test_nobody_changes_a_password_without_being_signed_in(ada: Account) -> None:
    assert (await ada.change_password("x")).status_code == 401
    pair = await ada.log_in()
    assert (await ada.change_password(pair["refresh"])).status_code == 401
    assert (await ada.post(f"{JWT}/verify/", {"token": pair["access"]})).status_code == 200
