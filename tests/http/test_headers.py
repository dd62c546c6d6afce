"""What every answer carries, and the methods that every path has."""

import re
from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.world import HttpClient, World

PROJECTS = "/api/projects/"
JSON = {"Content-Type": "application/json"}
SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


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
