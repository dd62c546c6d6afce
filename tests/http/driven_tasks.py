"""How the operations on tasks are driven: in a project that the stranger may view, and no more."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from tests.world import HttpClient, World, token

TASKS: Final = "/api/tasks"


class DrivenTasks:
    """`shown` makes a project that the stranger may view, and gives its id and that of the grant."""

    def __init__(self, world: World, client: HttpClient, shown: Callable[[], Awaitable[tuple[str, str]]]) -> None:
        self._world = world
        self._client = client
        self._shown = shown
        self._project = ""

    async def place(self, path: str) -> str:
        """A path to a new task, and to a grant on it."""
        if not path.startswith(f"{TASKS}/{{"):
            return path
        self._project, _ = await self._shown()
        task = await self.made("", project=self._project, title="T")
        path = path.replace("{task_id}", task["id"]).replace("{object_id}", task["id"])
        if "{grant_id}" in path:
            grant = await self.made(f"/{task['id']}/grants", user=task["owner"], permissions=["view"])
            path = path.replace("{grant_id}", grant["id"])
        return path

    async def bodies(self, name: str) -> dict[str, dict[str, Any]]:
        """Of the operations that take one."""
        if TASKS not in name:
            return {}
        if name.startswith("POST"):
            self._project, _ = await self._shown()
        opened = await self.made("", project=self._project, title="T")
        written = ("project", "title", "description", "status", "priority", "assignee", "due_date", "owner")
        return {
            f"POST {TASKS}": {"project": self._project, "title": "T"},
            f"POST {TASKS}/bulk-status": {"tasks": [{"id": opened["id"]}], "status": "done"},
            f"PATCH {TASKS}/{{task_id}}": {"title": "U"},
            f"PUT {TASKS}/{{task_id}}": {field: opened[field] for field in written},
        }

    async def made(self, path: str, **body: Any) -> dict[str, Any]:
        base = self._world.host()
        headers = await token(self._client, base)
        answer = await self._client.post(f"{base}{TASKS}{path}", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made
