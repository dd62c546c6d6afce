"""Files over HTTP, on each store of rows; the bytes go into an object store in memory."""

import hashlib
from collections.abc import AsyncIterator
from typing import Any, Final

import pytest

from application.tenancy.read_sites import ShowSiteUsage
from application.tenancy.views import SiteFilesView
from tests.http.staff import Person, sign_in
from tests.http.uploading import FILES, HELLO, announced, begun, send, stored
from tests.world import PASSWORD, HttpClient, World

NOBODY: Final = "00000000-0000-7000-8000-000000000000"
BAD: Final = (
    ("name", ".."),
    ("name", "a/b"),
    ("name", "a\\b"),
    ("name", "a\0b"),
    ("name", "a\nb"),
    ("name", "a\u2028b"),
    ("name", "x" * 256),
    ("name", " "),
    ("content_type", "text/html"),
    ("content_type", "image/svg+xml"),
    ("content_type", "text/plain; charset=utf-8"),
    ("content_type", "text/javascript"),
    ("content_type", "plain"),
    ("size", -1),
    ("size", 1 << 60),
    ("size", (5 << 30) + 1),
    ("sha256", "abc"),
    ("sha256", "g" * 64),
    ("project", NOBODY),
    ("task", NOBODY),
    ("owner", NOBODY),
)


@pytest.fixture
async def client(world: World) -> AsyncIterator[HttpClient]:
    await world.admin(await world.site())
    async with world.http() as client:
        yield client


@pytest.fixture
async def ada(world: World, client: HttpClient) -> Person:
    return await sign_in(client, world.host(), "admin")


async def a_pending(ada: Person, content: bytes = HELLO, **more: Any) -> dict[str, Any]:
    return await begun(ada.client, ada.base, ada.headers, content, **more)


async def a_stored(world: World, ada: Person, content: bytes = HELLO, **more: Any) -> dict[str, Any]:
    return await stored(world, ada.client, ada.base, ada.headers, content, **more)


async def code_of(who: Person, method: str, path: str, **more: Any) -> tuple[int, str]:
    answer = await who(method, path, **more)
    return answer.status_code, answer.json()["code"]


async def test_announces_sends_completes_and_downloads(world: World, ada: Person) -> None:
    answer = await ada("POST", f"{FILES}/", json=announced(name="Plan.txt"))
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"1"')
    pending = answer.json()
    path = f"{FILES}/{pending['id']}/"
    assert answer.headers["Location"] == path
    assert pending["upload"].keys() == {"expires_at", "method", "url", "headers"}
    upload = pending.pop("upload")
    assert (pending["status"], pending["download_url"]) == ("pending", None)
    assert (await ada("GET", path)).json() == pending
    assert await ada.listed(f"{FILES}/") == (0, [])
    assert await ada.listed(f"{FILES}/", status="pending") == (1, [pending])
    send(world, upload)

    completed = await ada("POST", f"{path}complete/")
    assert (completed.status_code, completed.headers["ETag"]) == (200, '"2"')
    file = completed.json()
    url = f"{ada.base}{path}download/"
    assert file == pending | {
        "status": "stored",
        "version": 2,
        "download_url": url,
        "updated_at": file["updated_at"],
    }
    assert (await ada("POST", f"{path}complete/")).json() == file
    assert await ada.listed(f"{FILES}/") == (1, [file])
    download = await ada("GET", f"{path}download/")
    assert (download.status_code, download.headers["Cache-Control"]) == (302, "no-store")
    assert download.json() == {"url": download.headers["Location"]}
    fetched = world.objects.fetch(download.headers["Location"])
    assert (fetched.content, fetched.headers["content-type"]) == (HELLO, "text/plain")
    assert fetched.headers["content-disposition"].startswith("attachment")


async def test_a_sum_in_capitals_is_the_same_sum(world: World, ada: Person) -> None:
    digest = hashlib.sha256(HELLO).hexdigest()
    file = await a_stored(world, ada, sha256=digest.upper(), content_type="Text/PLAIN")
    assert (file["sha256"], file["content_type"]) == (digest, "text/plain")


async def test_refuses_bad_values_and_keeps_nothing(ada: Person) -> None:
    for field, value in BAD:
        answer = await ada("POST", f"{FILES}/", json=announced(name="Plan.txt") | {field: value})
        assert (answer.status_code, list(answer.json().get("details", ()))) == (400, [field]), value
    assert await ada.listed(f"{FILES}/", status="pending") == (0, [])


async def test_names_every_wrong_field_at_once(ada: Person) -> None:
    body = {"name": "..", "content_type": "text/html", "size": (5 << 30) + 1, "sha256": "0" * 64}
    answer = await ada("POST", f"{FILES}/", json=body)
    assert answer.json()["details"].keys() == {"name", "content_type", "size"}
    both = await ada("POST", f"{FILES}/", json=announced(name="P", project=NOBODY, task=NOBODY))
    assert (both.status_code, list(both.json()["details"])) == (400, ["task"])


async def another_admin(ada: Person, name: str) -> Person:
    body = {"username": name, "email": f"{name}@example.org", "password": PASSWORD, "is_admin": True}
    await ada.made("/api/users/", **body)
    return await sign_in(ada.client, ada.base, name)


async def test_what_is_pending_is_there_for_nobody_else(world: World, ada: Person) -> None:
    root = await another_admin(ada, "root")
    pending = await a_pending(ada)
    send(world, pending["upload"])
    path = f"{FILES}/{pending['id']}/"

    assert await root.listed(f"{FILES}/", status="pending") == (0, [])
    for method, where, body in operations(path):
        assert await code_of(root, method, where, json=body) == (404, "file_not_found"), where
    for method, where in (("GET", f"{path}grants/"), ("GET", f"{path}grants/{pending['id']}/")):
        assert (await ada(method, where)).status_code == 404
    assert await code_of(ada, "PATCH", path, json={"name": "Other"}) == (409, "file_pending")
    assert await code_of(ada, "GET", f"{path}download/") == (409, "file_pending")
    assert (await ada("DELETE", path)).status_code == 204


def operations(path: str) -> list[tuple[str, str, Any]]:
    """Every operation on one file, with a sound body."""
    return [
        ("GET", path, None),
        ("PATCH", path, {"name": "Other"}),
        ("POST", f"{path}complete/", None),
        ("GET", f"{path}download/", None),
        ("POST", f"{path}replace/", announced(b"mine")),
        ("GET", f"{path}grants/", None),
        ("POST", f"{path}grants/", {"user": NOBODY, "permissions": ["view"]}),
        ("DELETE", path, None),
    ]


async def test_a_file_is_unknown_on_every_other_site(world: World, client: HttpClient, ada: Person) -> None:
    await world.admin(await world.site("bee"))
    bea = await sign_in(client, world.host("bee"), "admin")
    there, pending = await a_stored(world, ada), await a_pending(ada)

    for file in (there, pending):
        for method, where, body in operations(f"{FILES}/{file['id']}/"):
            assert await code_of(bea, method, where, json=body) == (404, "file_not_found"), where
    for query in ({}, {"status": "pending"}, {"search": "Plan"}):
        assert await bea.listed(f"{FILES}/", **query) == (0, [])
    assert (await ada("GET", f"{FILES}/{there['id']}/")).json() == there


async def test_changes_at_the_version_that_was_seen(world: World, ada: Person) -> None:
    file = await a_stored(world, ada)
    path = f"{FILES}/{file['id']}/"
    project = (await ada.made("/api/projects/", name="Moon"))["id"]
    changed = await ada("PATCH", path, json={"name": "Other", "project": project}, headers={"If-Match": '"2"'})
    assert (changed.status_code, changed.headers["ETag"], changed.json()["project"]) == (200, '"3"', project)
    assert (await ada("PATCH", path, json={"name": "X"}, headers={"If-Match": '"2"'})).status_code == 412
    assert (await ada("DELETE", path, headers={"If-Match": '"2"'})).status_code == 412
    task = (await ada.made("/api/tasks/", project=project, title="Paint"))["id"]
    moved = (await ada("PATCH", path, json={"task": task})).json()
    assert (moved["name"], moved["project"], moved["task"]) == ("Other", None, task)
    assert (await ada("PATCH", path, json={"project": None})).json()["task"] == task
    assert (await ada("PATCH", path, json={"task": None})).json()["task"] is None
    both = await ada("PATCH", path, json={"task": task, "project": project})
    assert (both.status_code, list(both.json()["details"])) == (400, ["task"])


async def test_replaces_bytes_without_a_gap(world: World, ada: Person) -> None:
    file = await a_stored(world, ada)
    path = f"{FILES}/{file['id']}/"
    answer = await ada("POST", f"{path}replace/", json=announced(b"goodbye"))
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    send(world, answer.json()["upload"], b"goodbye")
    old = (await ada("GET", f"{path}download/")).headers["Location"]
    assert world.objects.fetch(old).content == HELLO

    assert (await ada("POST", f"{path}complete/")).json()["size"] == len(b"goodbye")
    await ada.client.settle()
    assert world.objects.fetch((await ada("GET", f"{path}download/")).headers["Location"]).content == b"goodbye"
    assert world.objects.fetch(old).status == 404


async def test_a_large_file_is_sent_in_parts(world: World, ada: Person) -> None:
    world.objects.part_bytes = 4
    pending = await a_pending(ada)
    assert pending["upload"].keys() == {"expires_at", "parts"}
    send(world, pending["upload"])
    assert (await ada("POST", f"{FILES}/{pending['id']}/complete/")).json()["status"] == "stored"


async def test_without_the_store_it_says_so_and_when_to_come_back(world: World, ada: Person) -> None:
    file, pending = await a_stored(world, ada), await a_pending(ada)
    send(world, pending["upload"])
    world.objects.is_down = True
    for method, path, body in (
        ("POST", f"{FILES}/", announced(name="Plan.txt")),
        ("POST", f"{FILES}/{pending['id']}/complete/", None),
        ("POST", f"{FILES}/{file['id']}/replace/", announced(b"x")),
    ):
        answer = await ada(method, path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
        assert int(answer.headers["Retry-After"]) > 0
    del pending["upload"]
    assert await ada.listed(f"{FILES}/", status="pending") == (1, [pending])
    assert (await ada("DELETE", f"{FILES}/{file['id']}/")).status_code == 204
    world.objects.is_down = False
    assert (await ada("POST", f"{FILES}/{pending['id']}/complete/")).status_code == 200


async def test_filters_and_orders(world: World, ada: Person) -> None:
    project = (await ada.made("/api/projects/", name="Moon"))["id"]
    task = (await ada.made("/api/tasks/", project=project, title="Paint"))["id"]
    await a_stored(world, ada, b"1", name="b.png", content_type="image/png", project=project)
    await a_stored(world, ada, b"22", name="a.txt", task=task)
    await a_stored(world, ada, b"333", name="c.txt")

    async def names(**query: object) -> list[str]:
        return [file["name"] for file in (await ada.listed(f"{FILES}/", **query))[1]]

    assert await names() == ["c.txt", "a.txt", "b.png"]
    assert await names(ordering="name") == ["a.txt", "b.png", "c.txt"]
    assert await names(ordering="-size") == ["c.txt", "a.txt", "b.png"]
    assert await names(search="TXT", ordering="size") == ["a.txt", "c.txt"]
    assert await names(content_type="image/PNG") == ["b.png"]
    assert await names(project=project) == ["b.png"]
    assert await names(task=task) == ["a.txt"]
    assert await names(size__gte=2, size__lte=2) == ["a.txt"]
    assert await names(status="quarantined") == await names(created_at__lte="2020-01-01T00:00:00Z") == []
    assert await names(name="c.txt") == await names(name="c.txt", owner=(await ada.me())["id"]) == ["c.txt"]
    assert (await ada("GET", f"{FILES}/", params={"size__gte": -1, "ordering": "sha256"})).json()["details"].keys() == {
        "size__gte",
        "ordering",
    }


async def test_what_files_lie_in_goes_only_with_them(world: World, ada: Person) -> None:
    project = (await ada.made("/api/projects/", name="Moon"))["id"]
    task = (await ada.made("/api/tasks/", project=project, title="Paint"))["id"]
    await a_stored(world, ada, project=project)
    inner = await a_stored(world, ada, task=task)
    pending = await a_pending(ada, task=task)
    for path in (f"/api/tasks/{task}/", f"/api/projects/{project}/?with_tasks=true"):
        assert await code_of(ada, "DELETE", path) == (422, "has_files")

    assert (await ada("DELETE", f"/api/tasks/{task}/?with_files=true")).status_code == 204
    for gone in (inner, pending):
        assert (await ada("GET", f"{FILES}/{gone['id']}/")).status_code == 404
    assert (await ada("DELETE", f"/api/projects/{project}/?with_tasks=true&with_files=true")).status_code == 204
    assert await ada.listed(f"{FILES}/") == (0, [])
    await ada.client.settle()
    assert world.objects.objects == {}
    async with world.acting() as container:
        assert (await (await container.get(ShowSiteUsage))(slug=world.slug())).files == SiteFilesView(0, 0)
