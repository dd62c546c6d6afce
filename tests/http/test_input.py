"""What comes in: bodies, parameters, and everything that is wrong with them."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.world import HttpClient, World, token

PROJECTS = "/api/projects/"
JSON = {"Content-Type": "application/json"}


def details(answer: httpx.Response) -> dict[str, list[str]]:
    assert answer.status_code == 400, answer.text
    found: dict[str, list[str]] = answer.json()["details"]
    return found


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
    [
        "page=0",
        "page_size=101",
        "page=99999999999999999999",
        "page=1&page=2",
        "search=%00",
        "status=none",
        "status=null",
        "owner=me",
        "size=1",
        "ordering=size",
        "created_at__gte=2026-01-01T00:00:00",
        "created_at__lte=9999-12-31T23:59:59-14:00",
    ],
)
async def test_a_wrong_parameter_is_named(client: HttpClient, query: str) -> None:
    assert list(details(await client.get(f"{PROJECTS}?{query}"))) == [query.partition("=")[0]]


async def test_a_wrong_parameter_of_the_documentation_is_named(client: HttpClient) -> None:
    assert list(details(await client.get("/api/schema/?format=xml"))) == ["format"]


async def test_a_missing_body_is_said_to_be_missing(client: HttpClient) -> None:
    assert details(await client.post(PROJECTS)) == {"body": ["is required"]}


async def test_a_wrong_choice_is_told_what_there_is(client: HttpClient) -> None:
    told = details(await client.post(PROJECTS, json={"name": "Moon", "status": "lost"}))["status"][0]
    assert "active, on_hold, completed, archived" in told


async def test_a_nul_is_called_by_its_name(client: HttpClient) -> None:
    told = details(await client.get(f"{PROJECTS}?search=a%00b"))
    assert told == {"search": ["may have no NUL character"]}


async def test_every_wrong_field_of_a_site_is_told_at_once(memory: World) -> None:
    admin = await memory.admin()
    async with memory.http() as platform:
        headers = await token(platform, "http://localhost", admin.username)
        body = {"organization": "nope", "name": " ", "slug": "public"}
        answer = await platform.post("http://localhost/api/sites/", json=body, headers=headers)
    assert set(details(answer)) == {"organization", "name", "slug"}
