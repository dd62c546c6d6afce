"""Schedules over HTTP, and the jobs that they start."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from tests.http.staff import PLATFORM_BASE, Person, sign_in
from tests.world import World

PATH = "/api/schedules/"


@pytest.fixture
async def root(world: World) -> AsyncIterator[Person]:
    """An admin of the platform."""
    admin = await world.admin()
    async with world.http() as client:
        yield await sign_in(client, PLATFORM_BASE, admin.username)


def a_body(**fields: Any) -> dict[str, Any]:
    when = {} if fields.keys() & {"cron", "interval_seconds", "once_at"} else {"cron": "0 3 * * *"}
    return {"name": f"nightly {uuid4()}", "job": "purge_jobs", "scope": "platform"} | when | fields


async def test_a_schedule_from_its_beginning_to_its_end(root: Person) -> None:
    created = await root("POST", PATH, json=a_body(time_zone="Europe/Berlin"))
    assert created.status_code == 201
    path = created.headers["Location"]
    assert path == f"{PATH}{created.json()['id']}/"
    shown = await root("GET", path)
    assert shown.json() == created.json()
    assert shown.headers["ETag"] == created.headers["ETag"] == '"1"'
    assert (shown.json()["time_zone"], shown.json()["run_count"], shown.json()["is_builtin"]) == (
        "Europe/Berlin",
        0,
        False,
    )

    changed = await root("PATCH", path, json={"interval_seconds": 60}, headers={"If-Match": '"1"'})
    assert (changed.json()["cron"], changed.json()["interval_seconds"], changed.headers["ETag"]) == (None, 60, '"2"')
    assert (await root("PATCH", path, json={"is_enabled": False}, headers={"If-Match": '"1"'})).status_code == 412
    assert (await root("PATCH", path, json={"is_enabled": False})).json()["next_run_at"] is None
    assert (await root("DELETE", path, headers={"If-Match": '"1"'})).status_code == 412
    assert (await root("DELETE", path)).status_code == 204
    assert (await root("GET", path)).status_code == 404


async def test_running_it_answers_with_the_job(root: Person) -> None:
    made = await root.made(PATH, **a_body())
    started = await root("POST", f"{PATH}{made['id']}/run/")
    assert started.status_code == 202
    assert started.json()["count"] == 1
    job = await root("GET", started.headers["Location"])
    assert job.json() == started.json()["job"]
    assert (job.json()["name"], job.json()["site"], job.json()["status"]) == ("purge_jobs", None, "pending")
    assert "arguments" not in job.json()
    again = await root("POST", f"{PATH}{made['id']}/run/")
    assert (again.status_code, again.json()["code"]) == (409, "job_exists")


async def test_running_all_sites_answers_with_the_number(world: World, root: Person) -> None:
    await world.site()
    made = await root.made(PATH, **a_body(job="purge_sessions", scope="all_sites"))
    started = (await root("POST", f"{PATH}{made['id']}/run/")).json()
    assert (started["job"], started["count"] >= 1) == (None, True)
    assert (await root("DELETE", f"{PATH}{made['id']}/")).status_code == 204


async def test_all_that_is_wrong_is_told_at_once(root: Person) -> None:
    wrong = a_body(
        cron="bad", time_zone="Mars/Base", job="send_mail", arguments={"x": 1}, once_at="2020-01-01T00:00:00Z"
    )
    answer = await root("POST", PATH, json=wrong)
    assert answer.status_code == 400
    assert answer.json()["details"].keys() == {"cron", "time_zone", "job", "once_at"}
    shapes = await root("POST", PATH, json=a_body(interval_seconds=0, jitter_seconds=-1, misfire="never", more=1))
    assert shapes.json()["details"].keys() == {"interval_seconds", "jitter_seconds", "misfire", "more"}


async def test_null_leaves_the_site_and_a_slug_names_another(world: World, root: Person) -> None:
    ant, bee = [(await world.site(name)).slug for name in ("ant", "bee")]
    made = await root.made(PATH, **a_body(job="purge_sessions", scope="site", site=ant))
    path = f"{PATH}{made['id']}/"
    assert (await root("PATCH", path, json={"site": bee})).json()["site"] == bee
    assert (await root("PATCH", path, json={"site": None})).json()["details"].keys() == {"site"}
    assert (await root("PATCH", path, json={"scope": "all_sites"})).json()["site"] is None
    assert (await root("PATCH", path, json={"is_enabled": False})).status_code == 200
