from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.http.staff import Person, sign_in
from tests.world import World

TASKS = "/api/tasks/"
PROJECTS = "/api/projects/"
BULK = f"{TASKS}bulk-status/"
NOBODYS = "00000000-0000-4000-8000-000000000000"


def path_of(task: dict[str, Any]) -> str:
    return f"{TASKS}{task['id']}/"


@pytest.fixture
async def site(world: World) -> AsyncIterator[Person]:
    """A site's REST API, signed in as its admin; there is a user Bob, too."""
    scope = await world.site()
    await world.admin(scope)
    await world.user(scope, "bob")
    async with world.http() as client:
        yield await sign_in(client, world.host(), "admin")


@pytest.fixture
async def project(site: Person) -> str:
    return str((await site.made(PROJECTS, name="Moon"))["id"])


async def titles(site: Person, **query: Any) -> list[str]:
    count, tasks = await site.listed(TASKS, **query)
    assert count == len(tasks)
    return [task["title"] for task in tasks]


async def test_opens_a_task(site: Person, project: str) -> None:
    answer = await site("POST", TASKS, json={"project": project, "title": "Paint"})
    task, me = answer.json(), (await site.me())["id"]

    assert (answer.status_code, answer.headers["location"], answer.headers["etag"]) == (201, path_of(task), '"1"')
    assert (task["owner"], task["created_by"]) == (me, me)
    rest = {field: task[field] for field in ("status", "priority", "assignee", "due_date", "completed_at", "version")}
    assert rest == {
        "status": "todo",
        "priority": "normal",
        "assignee": None,
        "due_date": None,
        "completed_at": None,
        "version": 1,
    }
    shown = await site("GET", path_of(task))
    assert (shown.json(), shown.headers["etag"]) == (task, '"1"')
    assert (await site("GET", f"{PROJECTS}{project}/")).json()["task_count"] == 1


async def test_it_is_completed_when_it_becomes_done(site: Person, project: str) -> None:
    task = await site.made(TASKS, project=project, title="Paint")
    done = (await site("PATCH", path_of(task), json={"status": "done"})).json()
    still = (await site("PATCH", path_of(task), json={"title": "Brush", "status": "done"})).json()
    again = (await site("PATCH", path_of(task), json={"status": "in_progress"})).json()

    assert done["completed_at"] == done["updated_at"] == still["completed_at"]
    assert still["updated_at"] > still["completed_at"]
    assert again["completed_at"] is None
    born = await site.made(TASKS, project=project, title="Late entry", status="done")
    assert born["completed_at"] == born["created_at"]
    assert (await site("PATCH", path_of(task), json={"completed_at": None})).status_code == 400


async def test_names_every_wrong_field_at_once(site: Person) -> None:
    body = {"title": "", "status": "lost", "priority": 1, "assignee": "me", "due_date": "2026-02-30", "colour": "red"}
    answer = await site("POST", TASKS, json=body)

    assert answer.status_code == 400
    assert answer.json()["details"].keys() == {*body, "project"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "   "),
        ("title", "x" * 301),
        ("title", "a\0b"),
        ("title", "two\nlines"),
        ("description", "a\0b"),
        ("description", "x" * 20_001),
        ("project", NOBODYS),
        ("assignee", NOBODYS),
        ("due_date", "10000-01-01"),
        ("due_date", "2026-01-01T00:00:00Z"),
        ("due_date", "0000-01-01"),
    ],
)
async def test_refuses_bad_values(site: Person, project: str, field: str, value: str) -> None:
    answer = await site("POST", TASKS, json={"project": project, "title": "Paint"} | {field: value})

    assert (answer.status_code, answer.json()["details"].keys()) == (400, {field})
    assert await titles(site) == []


async def test_refuses_half_a_character(site: Person, project: str) -> None:
    body = f'{{"project": "{project}", "title": "half \\ud800"}}'
    headers = {"Content-Type": "application/json"}
    answer = await site("POST", TASKS, content=body.encode(), headers=headers)

    assert answer.status_code == 400


async def test_absent_is_not_null(site: Person, project: str) -> None:
    bob = (await site.listed("/api/users/", search="bob"))[1][0]["id"]
    task = await site.made(TASKS, project=project, title="Paint", assignee=bob, due_date="2026-03-06")
    kept = (await site("PATCH", path_of(task), json={"priority": "low"})).json()
    gone = (await site("PATCH", path_of(task), json={"assignee": None, "due_date": None})).json()

    assert (kept["assignee"], kept["due_date"]) == (bob, "2026-03-06")
    assert (gone["assignee"], gone["due_date"], gone["priority"]) == (None, None, "low")


async def test_replaces_all_that_a_client_writes(site: Person, project: str) -> None:
    task = await site.made(TASKS, project=project, title="Paint", due_date="2026-03-06")
    written = ("project", "title", "description", "status", "priority", "assignee", "due_date", "owner")
    body = {field: task[field] for field in written} | {"title": "Brush", "due_date": None}
    replaced = (await site("PUT", path_of(task), json=body)).json()
    missing = await site("PUT", path_of(task), json={"title": "Brush"})

    assert {field: replaced[field] for field in written} == body
    assert missing.json()["details"].keys() == set(written) - {"title"}


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
async def test_refuses_what_was_decided_on_an_old_version(site: Person, project: str, method: str) -> None:
    task = await site.made(TASKS, project=project, title="Paint")
    await site("PATCH", path_of(task), json={"title": "Brush"})
    written = ("project", "title", "description", "status", "priority", "assignee", "due_date", "owner")
    body = {} if method == "DELETE" else {"json": {field: task[field] for field in written}}
    stale = await site(method, path_of(task), headers={"If-Match": '"1"'}, **body)
    assert (stale.status_code, await titles(site)) == (412, ["Brush"])

    fresh = await site(method, path_of(task), headers={"If-Match": '"2"'}, **body)
    assert fresh.status_code in (200, 204)


async def test_filters_and_orders(world: World, site: Person, project: str) -> None:
    me, bob = [one["id"] for one in (await site.listed("/api/users/", ordering="username"))[1]]
    today = world.clock().date()
    days = {name: str(today + timedelta(days=number)) for name, number in (("past", -1), ("now", 0), ("next", 1))}
    other = (await site.made(PROJECTS, name="Mars"))["id"]
    late = await site.made(TASKS, project=project, title="Late", due_date=days["past"], priority="urgent")
    await site.made(TASKS, project=project, title="Done", due_date=days["past"], status="done", priority="low")
    await site.made(TASKS, project=other, title="Now", due_date=days["now"], assignee=bob, priority="high")
    await site.made(TASKS, project=other, title="Open", description="No hurry")

    assert await titles(site, overdue="true") == ["Late"]
    assert await titles(site, overdue="false", ordering="title") == ["Done", "Now", "Open"]
    assert await titles(site, project=other) == ["Open", "Now"]
    assert await titles(site, status="done") == ["Done"]
    assert await titles(site, priority="high") == await titles(site, assignee=bob) == ["Now"]
    assert await titles(site, unassigned="true") == ["Open", "Done", "Late"]
    assert await titles(site, unassigned="false") == ["Now"]
    assert await titles(site, owner=bob) == []
    assert len(await titles(site, owner=me)) == 4
    assert await titles(site, due_date__gte=days["now"]) == ["Now"]
    assert await titles(site, due_date__lte=days["past"], ordering="created_at") == ["Late", "Done"]
    assert await titles(site, completed_at__gte=late["created_at"]) == ["Done"]
    assert await titles(site, created_at__lte=late["created_at"]) == ["Late"]
    assert await titles(site, search="HURRY") == ["Open"]
    assert await titles(site, ordering="-priority") == ["Late", "Now", "Open", "Done"]
    assert await titles(site, ordering="due_date") == ["Late", "Done", "Now", "Open"]


async def test_names_every_wrong_parameter_at_once(site: Person) -> None:
    query = (
        "?status=lost&priority=1&overdue=maybe&due_date__gte=soon&assignee=me&completed_at__lte=x&ordering=colour&x=1"
    )
    answer = await site("GET", TASKS + query)

    assert answer.status_code == 400
    wrong = {"status", "priority", "overdue", "due_date__gte", "assignee", "completed_at__lte", "ordering", "x"}
    assert answer.json()["details"].keys() == wrong


async def test_changes_many_at_once_and_tells_of_each(site: Person, project: str) -> None:
    first, second = [await site.made(TASKS, project=project, title=title) for title in ("First", "Second")]
    unknown = str(uuid4())
    tasks = [{"id": first["id"], "version": 1}, {"id": second["id"], "version": 7}, {"id": unknown}]
    answer = await site("POST", BULK, json={"tasks": tasks, "status": "done"})

    assert answer.status_code == 200
    done, stale, missing = answer.json()["results"]
    assert answer.json()["changed"] == 1
    assert done == {"id": first["id"], "version": 2, "error": None}
    assert (stale["id"], stale["version"], stale["error"]["code"]) == (second["id"], None, "stale_version")
    assert (missing["id"], missing["error"]["code"]) == (unknown, "task_not_found")
    assert await titles(site, status="done") == ["First"]


@pytest.mark.parametrize("tasks", ["none", "too many", "twice", "strange", "negative", "huge"])
async def test_refuses_a_bulk_that_is_none(site: Person, project: str, tasks: str) -> None:
    task = (await site.made(TASKS, project=project, title="Paint"))["id"]
    named: dict[str, Any] = {
        "none": [],
        "too many": [{"id": str(uuid4())} for _ in range(101)],
        "twice": [{"id": task}, {"id": task, "version": 1}],
        "strange": [{"id": task, "title": "x"}],
        "negative": [{"id": task, "version": -1}],
        "huge": [{"id": task, "version": 10**30}],
    }
    answer = await site("POST", BULK, json={"tasks": named[tasks], "status": "done"})

    assert (answer.status_code, answer.json()["details"].keys()) == (400, {"tasks"})
    assert await titles(site, status="done") == []


async def test_a_project_with_tasks_goes_only_with_them(site: Person, project: str) -> None:
    await site.made(TASKS, project=project, title="Paint")
    refused = await site("DELETE", f"{PROJECTS}{project}/")
    assert (refused.status_code, refused.json()["code"]) == (422, "project_has_tasks")
    for query in ("?with_tasks=maybe", "?with_task=true", "?with_tasks=null"):
        assert (await site("DELETE", f"{PROJECTS}{project}/{query}")).status_code == 400
    assert (await site("DELETE", f"{PROJECTS}{project}/?with_tasks=false")).status_code == 422

    gone = await site("DELETE", f"{PROJECTS}{project}/?with_tasks=true")
    assert (gone.status_code, await titles(site)) == (204, [])


async def test_deletes_a_task_once(site: Person, project: str) -> None:
    task = await site.made(TASKS, project=project, title="Paint")
    first, second = await site("DELETE", path_of(task)), await site("DELETE", path_of(task))

    assert (first.status_code, second.status_code, second.json()["code"]) == (204, 404, "task_not_found")


async def test_an_assignee_sees_one_task_of_a_hidden_project(world: World, site: Person, project: str) -> None:
    bob = await sign_in(site.client, world.host(), "bob")
    task = await site.made(TASKS, project=project, title="Paint", assignee=(await bob.me())["id"])
    await site.made(TASKS, project=project, title="Secret")

    assert await titles(bob) == ["Paint"]
    assert (await bob("GET", f"{PROJECTS}{project}/")).status_code == 404
    assert (await bob("PATCH", path_of(task), json={"status": "done"})).json()["status"] == "done"
    refused = await bob("PATCH", path_of(task), json={"due_date": "2026-03-06"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
