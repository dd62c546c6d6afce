from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

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

    async def __call__(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = self._headers | more.pop("headers", {})
        return await self._client.request(method, self._base + path, headers=headers, **more)

    async def opens(self, **fields: Any) -> dict[str, Any]:
        answer = await self("POST", PROJECTS, json={"name": "Moon"} | fields)
        assert answer.status_code == 201, answer.text
        project: dict[str, Any] = answer.json()
        return project

    async def names(self, **query: Any) -> list[str]:
        answer = await self("GET", PROJECTS, params=query)
        assert answer.status_code == 200, answer.text
        return [project["name"] for project in answer.json()["results"]]


@pytest.fixture
async def site(world: World) -> AsyncIterator[Site]:
    scope = await world.site()
    await world.admin(scope)
    async with world.http() as client:
        yield Site(client, world.host(), await token(client, world.host()))


def path_of(project: dict[str, Any]) -> str:
    return f"{PROJECTS}{project['id']}/"


async def test_opens_a_project(site: Site) -> None:
    answer = await site("POST", PROJECTS, json={"name": "Moon"})

    project = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == path_of(project)
    assert answer.headers["etag"] == '"1"'
    assert project["status"] == "active"
    assert project["owner"] == project["created_by"]
    shown = await site("GET", path_of(project))
    assert shown.json() == project
    assert shown.headers["etag"] == '"1"'


async def test_names_every_wrong_field_at_once(site: Site) -> None:
    answer = await site("POST", PROJECTS, json={"name": 5, "status": "lost", "owner": "me", "colour": "red"})

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert answer.json()["details"].keys() == {"name", "status", "owner", "colour"}


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "a\0b", "two\nlines"])
async def test_refuses_a_bad_name(site: Site, name: str) -> None:
    answer = await site("POST", PROJECTS, json={"name": name})

    assert answer.status_code == 400
    assert answer.json()["details"].keys() == {"name"}


async def test_refuses_an_owner_who_is_no_user_of_the_site(site: Site) -> None:
    answer = await site("POST", PROJECTS, json={"name": "Moon", "owner": str(uuid4())})

    assert answer.status_code == 400
    assert answer.json()["details"] == {"owner": ["is not a user of this site"]}
    assert await site.names() == []


async def test_changes_some_fields_and_leaves_the_rest(site: Site) -> None:
    project = await site.opens(name="Moon", description="Far")

    answer = await site("PATCH", path_of(project), json={"status": "completed"}, headers={"If-Match": '"1"'})

    changed = answer.json()
    assert answer.status_code == 200
    assert answer.headers["etag"] == '"2"'
    assert (changed["name"], changed["description"], changed["status"]) == ("Moon", "Far", "completed")
    assert changed["updated_at"] > project["updated_at"]
    assert changed["created_at"] == project["created_at"]


async def test_null_is_not_absent(site: Site) -> None:
    project = await site.opens()

    answer = await site("PATCH", path_of(project), json={"description": None})

    assert answer.status_code == 400
    assert answer.json()["details"].keys() == {"description"}


async def test_writes_all_fields(site: Site) -> None:
    project = await site.opens(description="Far")
    whole = {"name": "Mars", "description": "", "status": "on_hold", "owner": project["owner"]}

    partial = await site("PUT", path_of(project), json={"name": "Mars"})
    answer = await site("PUT", path_of(project), json=whole)

    assert partial.status_code == 400
    assert partial.json()["details"].keys() == {"description", "status", "owner"}
    assert answer.status_code == 200
    assert {key: answer.json()[key] for key in whole} == whole


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
@pytest.mark.parametrize("stale", ['"1"', '"9"', 'W/"2"', "2", '"x"'])
async def test_refuses_what_was_decided_on_an_old_version(site: Site, method: str, stale: str) -> None:
    project = await site.opens()
    await site("PATCH", path_of(project), json={"name": "Mars"})
    body = {"name": "Venus", "description": "", "status": "active", "owner": project["owner"]}

    answer = await site(method, path_of(project), headers={"If-Match": stale}, **_body(method, body))

    assert answer.status_code == 412
    assert answer.json()["code"] == "stale_version"
    assert await site.names() == ["Mars"]


@pytest.mark.parametrize("seen", ['"2"', "*", '"7", "2"'])
async def test_accepts_what_was_decided_on_the_newest_version(site: Site, seen: str) -> None:
    project = await site.opens()
    await site("PATCH", path_of(project), json={"name": "Mars"})

    answer = await site("DELETE", path_of(project), headers={"If-Match": seen})

    assert answer.status_code == 204
    assert await site.names() == []


async def test_deletes_a_project_once(site: Site) -> None:
    project = await site.opens()

    first = await site("DELETE", path_of(project))
    second = await site("DELETE", path_of(project))
    shown = await site("GET", path_of(project))

    assert (first.status_code, second.status_code, shown.status_code) == (204, 404, 404)
    assert first.content == b""
    assert shown.json()["code"] == "project_not_found"


async def test_pages_through_all_without_loss_or_repetition(site: Site) -> None:
    for number in range(7):
        await site.opens(name=f"P{number}")
    names: list[str] = []
    url = f"{PROJECTS}?page_size=3&ordering=name"
    while url:
        page = (await site("GET", url)).json()
        assert page["count"] == 7
        names += [project["name"] for project in page["results"]]
        url = page["next"] and PROJECTS + page["next"].partition(PROJECTS)[2]

    assert names == [f"P{number}" for number in range(7)]


async def test_links_back_from_behind_the_end(site: Site) -> None:
    await site.opens()

    page = (await site("GET", f"{PROJECTS}?page=9&page_size=2")).json()

    assert page["count"] == 1
    assert page["results"] == []
    assert page["next"] is None
    assert page["previous"].endswith("?page_size=2&page=8")


async def test_an_empty_list_is_a_list(site: Site) -> None:
    page = (await site("GET", PROJECTS)).json()

    assert page == {"count": 0, "next": None, "previous": None, "results": []}


async def test_searches_literally_in_name_and_description(site: Site) -> None:
    await site.opens(name="100% done")
    await site.opens(name="1000 done")
    await site.opens(name="Plain", description="Under_score\\slash")
    await site.opens(name="Underscore")

    assert await site.names(search="100%") == ["100% done"]
    assert await site.names(search="r_S") == ["Plain"]
    assert await site.names(search="e\\s") == ["Plain"]
    assert await site.names(search="nothing") == []


async def test_filters_and_orders(site: Site) -> None:
    first = await site.opens(name="B", status="active")
    second = await site.opens(name="A", status="completed")

    assert await site.names(status="completed") == ["A"]
    assert await site.names(owner=first["owner"]) == ["A", "B"]
    assert await site.names(owner=str(uuid4())) == []
    assert await site.names(created_at__gte=second["created_at"]) == ["A"]
    assert await site.names(created_at__lte=first["created_at"]) == ["B"]
    assert await site.names(ordering="name") == ["A", "B"]
    assert await site.names(ordering="-name") == ["B", "A"]
    assert await site.names(ordering="created_at") == ["B", "A"]


async def test_names_every_wrong_parameter_at_once(site: Site) -> None:
    query = "?page=0&page_size=101&status=lost&ordering=colour&created_at__gte=soon&colour=red"
    answer = await site("GET", PROJECTS + query)

    assert answer.status_code == 400
    wrong = {"page", "page_size", "status", "ordering", "created_at__gte", "colour"}
    assert answer.json()["details"].keys() == wrong


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
async def test_refuses_a_time_that_no_calendar_has(site: Site, time: str) -> None:
    answer = await site("GET", PROJECTS, params={"created_at__lte": time})

    assert answer.status_code == 400
    assert answer.json()["details"].keys() == {"created_at__lte"}


async def test_needs_a_token_before_anything_is_read(world: World, site: Site) -> None:
    async with world.http() as client:
        answer = await client.post(f"{world.host()}{PROJECTS}", content=b"not even JSON")

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_the_platform_has_no_projects(world: World) -> None:
    admin = await world.admin()
    async with world.http() as client:
        headers = await token(client, "http://localhost", admin.username)
        answer = await client.get(f"http://localhost{PROJECTS}", headers=headers)

    assert answer.status_code == 404


async def test_a_user_without_permission_sees_none_and_opens_none(world: World) -> None:
    scope = await world.site()
    await world.admin(scope)
    await world.user(scope, "guest")
    async with world.http() as client:
        headers = await token(client, world.host(), "guest")
        listed = await client.get(world.host() + PROJECTS, headers=headers)
        opened = await client.post(world.host() + PROJECTS, json={"name": "Moon"}, headers=headers)

    assert (listed.json()["count"], opened.status_code) == (0, 403)


def _body(method: str, body: dict[str, Any]) -> dict[str, Any]:
    return {} if method == "DELETE" else {"json": body}
