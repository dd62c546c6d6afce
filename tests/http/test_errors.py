"""What goes wrong is answered in one form, whoever refuses; and what every answer carries."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
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
from tests.world import HttpClient, World, memory_world, token

PROJECTS = "/api/projects/"
SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def memory() -> AsyncIterator[World]:
    async with memory_world() as world:
        await world.admin(await world.site())
        yield world


@pytest.fixture
async def client(memory: World) -> AsyncIterator[HttpClient]:
    """Signed in on the site `acme`, which its addresses are relative to."""
    async with memory.http(max_body_bytes=2048) as client:
        client.headers.update(await token(client, memory.host()))
        client.base_url = httpx.URL(memory.host())
        yield client


def details(answer: httpx.Response) -> dict[str, list[str]]:
    assert answer.status_code == 400, answer.text
    found: dict[str, list[str]] = answer.json()["details"]
    return found


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
    answer = await ask(memory, ZeroDivisionError("the secret is 42"))

    assert (answer.status_code, set(answer.json())) == (500, {"error", "code", "detail"})
    assert answer.json()["code"] == "internal_error"
    assert "42" not in answer.text + str(answer.headers)
    logged = capsys.readouterr().out
    assert "the secret is 42" in logged
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


async def test_a_body_that_is_too_large_is_refused(client: HttpClient) -> None:
    body = b'{"name": "' + b"x" * 2048 + b'"}'

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 100):
            yield body[start : start + 100]

    whole = await client.post(PROJECTS, content=body, headers=JSON)
    chunked = await client.post(PROJECTS, content=pieces(), headers=JSON)
    assert (whole.status_code, whole.json()["code"]) == (413, "too_large")
    assert (chunked.status_code, chunked.json()["code"]) == (413, "too_large")


async def test_a_body_in_chunks_is_a_body(client: HttpClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for piece in (b'{"na', b'me": ', b'"Moon"}'):
            yield piece

    assert (await client.post(PROJECTS, content=pieces(), headers=JSON)).status_code == 201


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "json", "*/*"]
)
async def test_a_body_that_is_not_json_is_refused(client: HttpClient, kind: str) -> None:
    answer = await client.post(PROJECTS, content=b'{"name": "Moon"}', headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8", None])
async def test_json_is_json_however_it_is_written(client: HttpClient, kind: str | None) -> None:
    headers = {"Content-Type": kind} if kind else {}
    assert (await client.post(PROJECTS, content=b'{"name": "Moon"}', headers=headers)).status_code == 201


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"null", b'{"name": NaN}', b'{"name": "\\ud800"}', b'{"name": "\xff"}']
)
async def test_a_malformed_body_is_told(client: HttpClient, body: bytes) -> None:
    answer = await client.post(PROJECTS, content=body, headers=JSON)
    assert list(details(answer)) == ["body"]


async def test_every_wrong_field_is_told_at_once(client: HttpClient) -> None:
    body = {"name": 5, "description": [], "status": "x", "owner": "y", "size": 1}
    assert set(details(await client.post(PROJECTS, json=body))) == {"name", "description", "status", "owner", "size"}


@pytest.mark.parametrize("field", ["name", "description"])
async def test_no_text_has_a_nul(client: HttpClient, field: str) -> None:
    body = {"name": "Moon", field: "Mo\x00on"}
    assert list(details(await client.post(PROJECTS, json=body))) == [field]


@pytest.mark.parametrize(
    "query",
    ["page=0", "page_size=101", "page=" + "9" * 50, "search=%00", "status=none", "owner=me", "size=1", "page=1&page=2"]
    + [
        "created_at__gte=2026-01-01T00:00:00",
        "created_at__lte=9999-12-31T23:59:59-14:00",
        "status=null",
        "ordering=size",
    ],
)
async def test_a_wrong_parameter_is_named(client: HttpClient, query: str) -> None:
    assert list(details(await client.get(f"{PROJECTS}?{query}"))) == [query.partition("=")[0]]


async def test_a_wrong_parameter_of_the_documentation_is_named(client: HttpClient) -> None:
    assert list(details(await client.get("/api/schema/?format=xml"))) == ["format"]


@pytest.mark.parametrize(
    "path", ["/api/projects/1/", "/api/project/", "/", "/api/projects/%00", "/api/sites/a%00b", "/healthz"]
)
async def test_what_is_not_there_is_not_found(client: HttpClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        (PROJECTS, {"GET", "HEAD", "OPTIONS", "POST"}),
        (f"{PROJECTS}01a20722-5659-704c-b35f-e8e56e7ab0c5/", {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "PUT"}),
        ("/api/auth/jwt/token/", {"OPTIONS", "POST"}),
        ("/health/", {"GET", "HEAD", "OPTIONS"}),
    ],
)
async def test_which_methods_a_path_has_is_told(client: HttpClient, path: str, methods: set[str]) -> None:
    del client.headers["Authorization"]
    asked = await client.options(path)
    refused = await client.request("TRACE", path)

    assert (asked.status_code, asked.content) == (204, b"")
    assert (refused.status_code, refused.json()["code"]) == (405, "method_not_allowed")
    for answer in (asked, refused):
        assert set(answer.headers["allow"].split(", ")) == methods


@pytest.mark.parametrize(
    "path", [PROJECTS, "/health/live/", "/api/docs/", "/api/schema/", "/nothing/", "/.well-known/jwks.json"]
)
async def test_head_is_get_without_the_body(client: HttpClient, path: str) -> None:
    got, head = await client.get(path), await client.head(path)

    assert (head.status_code, head.content) == (got.status_code, b"")
    assert {**head.headers, "x-request-id": ""} == {**got.headers, "x-request-id": ""}


@pytest.mark.parametrize("wanted", ["abcdefgh", "ok-1.2_3x", "x" * 64])
async def test_a_plain_request_id_is_taken_over(client: HttpClient, wanted: str) -> None:
    assert (await client.get("/", headers={"X-Request-ID": wanted})).headers["x-request-id"] == wanted


@pytest.mark.parametrize(
    "wanted", ["", "short", "x" * 65, "with space", "new\\nline", 'quo"te1', "<script>", "ümlauts-"]
)
async def test_another_one_is_not(client: HttpClient, wanted: str) -> None:
    answer = await client.get("/", headers=[(b"X-Request-ID", wanted.encode())])
    assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["x-request-id"])


ANSWERS: list[Callable[[HttpClient], Awaitable[httpx.Response]]] = [
    lambda client: client.get(PROJECTS),
    lambda client: client.get("/nothing/"),
    lambda client: client.get(PROJECTS, headers={"Authorization": ""}),
    lambda client: client.get(PROJECTS, headers={"Host": "nobody.localhost"}),
    lambda client: client.patch(PROJECTS),
    lambda client: client.options(PROJECTS),
    lambda client: client.post(PROJECTS, content=b"x" * 4096, headers=JSON),
    lambda client: client.get("/health/"),
]


@pytest.mark.parametrize("get", ANSWERS)
async def test_every_answer_has_the_headers_of_security(
    client: HttpClient, get: Callable[[HttpClient], Awaitable[httpx.Response]]
) -> None:
    answer = await get(client)
    assert answer.headers.items() >= SECURITY_HEADERS.items()
    assert answer.headers["content-security-policy"]
    assert "strict-transport-security" not in answer.headers
    assert len(answer.headers.get_list("x-request-id")) == 1


async def test_production_insists_on_tls(memory: World) -> None:
    async with memory.http(environment="production") as client:
        answer = await client.get("http://nobody.localhost/")
    assert answer.headers["strict-transport-security"].startswith("max-age=")


async def test_pages_have_their_own_policy(client: HttpClient) -> None:
    policy = (await client.get("/api/docs/")).headers.get_list("content-security-policy")
    assert len(policy) == 1
    assert "script-src 'self'" in policy[0]


async def test_what_is_refused_at_the_edge_looks_like_what_the_application_refuses(client: HttpClient) -> None:
    edge = await client.get("/nothing/", headers={"Host": "nobody.localhost"})
    inside = await client.get("/nothing/")
    assert set(edge.json()) == set(inside.json()) == {"error", "code", "detail"}
    assert edge.headers["content-type"] == inside.headers["content-type"] == "application/json"
    assert set(edge.headers) == set(inside.headers)


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
