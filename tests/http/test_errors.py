"""What goes wrong is answered in one form, whoever refuses."""

from uuid import UUID

import asyncpg
import httpx
import pytest
from dishka import Provider
from dishka import Scope as Lifetime

from application.projects.read_projects import ListProjects, ShowProject
from application.tenancy.ports import FollowedSiteDirectory
from application.tenancy.views import Destination
from domain.tenancy.routing import CustomHost, SiteHost
from tests.world import HttpClient, World, token

PROJECTS = "/api/projects/"
JSON = {"Content-Type": "application/json"}


class Failing:
    """A use case that does not work."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def __call__(self, *_: object, **__: object) -> None:
        raise self._error


def failing(error: Exception, use_case: type = ListProjects) -> Provider:
    provider = Provider(scope=Lifetime.REQUEST)
    provider.provide(lambda: Failing(error), provides=use_case, override=True)
    return provider


async def ask(world: World, error: Exception) -> httpx.Response:
    async with world.http(failing(error)) as client:
        return await client.get(world.host() + PROJECTS, headers=await token(client, world.host()))


async def test_a_defect_shows_nothing_but_the_request_id(memory: World, capsys: pytest.CaptureFixture[str]) -> None:
    answer = await ask(memory, ZeroDivisionError("the secret is xyzzy"))

    assert (answer.status_code, set(answer.json())) == (500, {"error", "code", "detail"})
    assert answer.json()["code"] == "internal_error"
    assert "xyzzy" not in answer.text + str(answer.headers)
    logged = capsys.readouterr().out
    assert "the secret is xyzzy" in logged
    assert answer.headers["x-request-id"] in logged


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(111, "Connection refused"),
        FileNotFoundError(2, "No such socket"),
        TimeoutError(),
        asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
        asyncpg.CannotConnectNowError("the database system is starting up"),
        asyncpg.TooManyConnectionsError("sorry, too many clients already"),
        asyncpg.AdminShutdownError("terminating connection"),
        asyncpg.QueryCanceledError("canceling statement due to statement timeout"),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.DeadlockDetectedError("deadlock detected"),
        asyncpg.SerializationError("could not serialize access"),
        asyncpg.InternalClientError("cannot switch to state 12"),
    ],
)
async def test_a_lost_database_is_an_outage_and_no_defect(memory: World, error: Exception) -> None:
    answer = await ask(memory, error)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert "closed" not in answer.text


async def test_a_schema_that_went_away_under_a_request_is_an_outage(memory: World) -> None:
    answer = await ask(memory, asyncpg.UndefinedTableError('relation "acme.projects" does not exist'))
    assert (answer.status_code, "projects" in answer.text) == (503, False)


async def test_what_the_database_refuses_unforeseen_is_a_defect(memory: World) -> None:
    assert (await ask(memory, asyncpg.UniqueViolationError("duplicate key"))).status_code == 500


@pytest.mark.parametrize(
    "path", ["/api/projects/1/", "/api/project/", "/", "/api/projects/%00", "/api/sites/a%00b", "/healthz"]
)
async def test_what_is_not_there_is_not_found(client: HttpClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


class BrokenDirectory(FollowedSiteDirectory):
    failures = ()

    async def find(self, host: SiteHost | CustomHost) -> Destination | None:
        raise ZeroDivisionError

    async def since(self, seen: int) -> tuple[int, list[UUID]]:
        return seen, []


async def test_a_defect_at_the_edge_is_answered_too(memory: World) -> None:
    broken = Provider(scope=Lifetime.APP)
    broken.provide(BrokenDirectory, provides=FollowedSiteDirectory, override=True)
    async with memory.http(broken) as client:
        answer = await client.get(memory.host())
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert answer.headers["x-request-id"]


async def test_who_asks_is_found_out_before_what_is_asked(client: HttpClient) -> None:
    answer = await client.post(PROJECTS, content=b"{", headers=JSON | {"Authorization": "Bearer x"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer ")


@pytest.mark.parametrize("value", ["Basic YTpi", "Bearer", "Bearer ", "Bearer \t", "x", "Bearer a b", "Bearer \\xff"])
async def test_what_is_no_bearer_token_is_nobody(client: HttpClient, value: str) -> None:
    answer = await client.get(PROJECTS, headers={"Authorization": value})
    assert (answer.status_code, "www-authenticate" in answer.headers) == (401, True)


async def test_a_use_case_is_not_asked_for_what_is_malformed(memory: World) -> None:
    async with memory.http(failing(AssertionError("called"), ShowProject)) as client:
        headers = await token(client, memory.host())
        answer = await client.get(f"{memory.host()}{PROJECTS}not-a-uuid/", headers=headers)
    assert answer.status_code == 404
