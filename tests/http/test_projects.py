from collections.abc import AsyncIterator

import httpx
import pytest

from tests.world import World, token

PROJECTS = "/api/projects/"


class Site:
    """A site's REST API, signed in as its admin."""

    def __init__(self, client: httpx.AsyncClient, base: str, headers: dict[str, str]) -> None:
        self._client = client
        self._base = base
        self._headers = headers

    async def __call__(self, method: str, path: str, **kwargs: object) -> httpx.Response:
        headers = self._headers | kwargs.pop("headers", {})  # type: ignore[operator, arg-type]
        return await self._client.request(method, self._base + path, headers=headers, **kwargs)  # type: ignore[arg-type]


@pytest.fixture
async def site(world: World) -> AsyncIterator[Site]:
    scope = await world.site()
    await world.admin(scope)
    async with world.http() as client:
        yield Site(client, world.host(), await token(client, world.host()))


async def test_opens_a_project(site: Site) -> None:
    answer = await site("POST", PROJECTS, json={"name": "Moon"})

    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/projects/{answer.json()['id']}/"
    assert answer.headers["etag"] == '"1"'
    shown = await site("GET", answer.headers["location"])
    assert shown.json() == answer.json()
