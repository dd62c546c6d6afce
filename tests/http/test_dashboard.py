from typing import Any
from uuid import uuid4

import pytest

from tests.http.staff import Person, sign_in
from tests.world import World

DASHBOARD = "/api/dashboard/"


async def numbers(person: Person, **query: Any) -> dict[str, Any]:
    answer = await person("GET", DASHBOARD, params=query)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def test_shows_everybody_their_own_numbers(world: World) -> None:
    scope = await world.site()
    await world.admin(scope)
    await world.user(scope, "bob")
    async with world.http() as client:
        admin, bob = [await sign_in(client, world.host(), name) for name in ("admin", "bob")]
        me = (await bob.me())["id"]
        project = (await admin.made("/api/projects/", name="Moon"))["id"]
        late = {"assignee": me, "due_date": "2020-01-01", "priority": "urgent"}
        for body in ({"status": "done"}, late, {}):
            await admin.made("/api/tasks/", project=project, title="Paint", **body)
        whole, his = await numbers(admin, project=project, weeks=2), await numbers(bob)
        empty = await numbers(admin, project=str(uuid4()))

    assert [one for one in his["open"] if one["count"]] == [{"status": "todo", "priority": "urgent", "count": 1}]
    assert (his["overdue"], his["workload"]) == (1, [{"assignee": me, "open": 1, "overdue": 1}])
    assert (len(his["done_per_week"]), sum(one["count"] for one in his["done_per_week"])) == (12, 0)
    assert {(one["assignee"], one["open"], one["overdue"]) for one in whole["workload"]} == {(me, 1, 1), (None, 1, 0)}
    assert [one["count"] for one in whole["done_per_week"]] == [0, 1]
    assert (empty["overdue"], empty["workload"]) == (0, [])


@pytest.mark.parametrize("query", ["weeks=0", "weeks=53", "weeks=x", "project=moon", "page=1"])
async def test_refuses_what_is_no_parameter(world: World, query: str) -> None:
    await world.admin(await world.site())
    async with world.http() as client:
        admin = await sign_in(client, world.host(), "admin")
        answer = await admin("GET", f"{DASHBOARD}?{query}")

    assert (answer.status_code, answer.json()["details"].keys()) == (400, {query.partition("=")[0]})
