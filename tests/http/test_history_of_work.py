"""Histories of tasks and files over HTTP: of a project that comes back without them, and of bytes that do not."""

from typing import Any
from urllib.parse import quote

from tests.http.staff import PROJECTS, Person, sign_in
from tests.http.uploading import FILES, announced, begun, send, stored
from tests.world import HttpClient, World

TASKS = "/api/tasks/"


async def ada_with_a_project(world: World, client: HttpClient) -> tuple[Person, str]:
    await world.admin(await world.site(), "ada")
    ada = await sign_in(client, world.host(), "ada")
    return ada, str((await ada.made(PROJECTS, name="Moon"))["id"])


async def reverted(ada: Person, path: str, *, oldest: bool = False) -> Any:
    """The answer to going back to the newest entry of what is at this path, or to its oldest."""
    entries = (await ada.listed(f"{path}history/"))[1]
    return await ada("POST", f"{path}history/{entries[-1 if oldest else 0]['id']}/revert/")


async def test_a_task_is_shown_as_it_was_and_goes_back(world: World) -> None:
    async with world.http() as client:
        ada, moon = await ada_with_a_project(world, client)
        shown = await ada.made(TASKS, project=moon, title="Pack", due_date="2026-03-06", priority="high")
        pack = f"{TASKS}{shown['id']}/"
        done = (await ada("PATCH", pack, json={"status": "done", "due_date": None})).json()
        _, (changed, made) = await ada.listed(f"{pack}history/?field=status")
        then = await ada("GET", f"{pack}?as_of={quote(made['at'])}")
        back = await reverted(ada, pack, oldest=True)
        now = await ada("GET", pack)
        again = await reverted(ada, pack)
        wrong = await ada("GET", f"{pack}history/?field=project_id")

    assert changed["changes"]["completed_at"] == [None, done["completed_at"]]
    assert changed["changes"]["due_date"] == ["2026-03-06", None]
    assert then.json() == shown
    assert "etag" not in then.headers
    assert (back.status_code, back.headers["etag"]) == (200, '"3"')
    assert back.json()["changes"]["completed_at"] == [done["completed_at"], None]
    assert now.json() == shown | {"version": 3, "updated_at": now.json()["updated_at"]}
    assert (again.status_code, again.json()["code"]) == (422, "nothing_to_revert")
    assert sorted(wrong.json()["details"]) == ["field"]


async def test_a_project_comes_back_without_its_tasks_and_files_and_each_task_by_itself(world: World) -> None:
    async with world.http() as client:
        ada, moon = await ada_with_a_project(world, client)
        shown = await ada.made(TASKS, project=moon, title="Pack")
        pack, project = f"{TASKS}{shown['id']}/", f"{PROJECTS}{moon}/"
        file = await stored(world, client, ada.base, ada.headers, task=shown["id"])
        plan = f"{FILES}/{file['id']}/"
        before = (await ada("GET", project)).json()
        gone = await ada("DELETE", f"{project}?with_tasks=true&with_files=true")
        homeless = await reverted(ada, pack)
        back = await reverted(ada, project)
        alone = (await ada("GET", project)).json()
        missing = [(await ada("GET", path)).status_code for path in (pack, plan)]
        task = await reverted(ada, pack)
        now = (await ada("GET", pack)).json()
        bytes_gone = await reverted(ada, plan)
        counted = (await ada("GET", project)).json()["task_count"]

    assert gone.status_code == 204
    assert (homeless.status_code, homeless.json()["code"]) == (422, "cannot_revert")
    assert "project" in homeless.json()["detail"]
    assert back.json()["operation"] == "insert"
    assert alone == before | {"version": 2, "task_count": 0, "updated_at": alone["updated_at"]}
    assert missing == [404, 404]
    assert (task.status_code, task.headers["etag"]) == (200, '"2"')
    assert now == shown | {"version": 2, "updated_at": now["updated_at"]}
    assert (bytes_gone.status_code, bytes_gone.json()["code"]) == (422, "cannot_revert")
    assert "bytes are gone" in bytes_gone.json()["detail"]
    assert counted == 1


async def test_a_file_has_a_history_from_its_completion_on(world: World) -> None:
    async with world.http() as client:
        ada, moon = await ada_with_a_project(world, client)
        await world.admin(await world.site("bee"), "theirs")
        draft = await begun(client, ada.base, ada.headers, project=moon)
        plan = f"{FILES}/{draft['id']}/"
        pending = await ada.listed(f"{plan}history/")
        send(world, draft["upload"])
        shown = (await ada("POST", f"{plan}complete/")).json()
        renamed = (await ada("PATCH", plan, json={"name": "Map.txt", "project": None})).json()
        other = await ada("POST", f"{plan}replace/", json=announced(b"other"))
        waiting = (await ada.listed(f"{plan}history/"))[0]
        back = await reverted(ada, plan, oldest=True)
        send(world, other.json()["upload"], b"other")
        await ada("POST", f"{plan}complete/")
        count, (replaced, reverting, changed, made) = await ada.listed(f"{plan}history/")
        then = await ada("GET", f"{plan}?as_of={quote(changed['at'])}")
        lost = await reverted(ada, plan, oldest=True)

    assert pending == (0, [])
    assert (waiting, count) == (2, 4)
    assert made["changes"]["sha256"] == [None, shown["sha256"]]
    assert back.json() == reverting
    assert reverting["changes"]["name"] == ["Map.txt", "Plan.txt"]
    assert reverting["changes"]["project"] == [None, moon]
    assert replaced["changes"].keys() == {"size", "sha256", "version", "updated_at"}
    assert then.json() == {name: value for name, value in renamed.items() if name != "download_url"}
    assert (lost.status_code, lost.json()["code"]) == (422, "cannot_revert")
    assert "Size and sha256 of a file cannot be reverted" in lost.json()["detail"]
