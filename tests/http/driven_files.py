"""How the operations on files are driven: in a project that the stranger may view, and no more."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from application.files.quarantine_file import QuarantineFile
from application.shared.ports import UnitOfWork
from application.tenancy.ports import OrganizationRepository, SiteDirectory
from domain.files.upload import FileId
from domain.tenancy.organization import OrganizationChanges
from domain.tenancy.routing import SiteHost
from tests.http.uploading import FILES, announced, begun, send, stored
from tests.world import HttpClient, World, token


class DrivenFiles:
    """`shown` makes a project that the stranger may view, and gives its id and that of the grant."""

    def __init__(self, world: World, client: HttpClient, shown: Callable[[], Awaitable[tuple[str, str]]]) -> None:
        self._world = world
        self._client = client
        self._shown = shown

    async def place(self, path: str) -> str:
        """A path to a new file, and to a grant on it."""
        if not path.startswith(f"{FILES}/{{"):
            return path
        project, _ = await self._shown()
        file = await self.made(project=project)
        path = path.replace("{file_id}", file["id"]).replace("{object_id}", file["id"])
        if "{grant_id}" in path:
            base, headers = await self._signed_in()
            body = {"user": file["owner"], "permissions": ["view"]}
            grant = await self._client.post(f"{base}{FILES}/{file['id']}/grants", json=body, headers=headers)
            path = path.replace("{grant_id}", grant.json()["id"])
        return path

    async def made(self, **more: Any) -> dict[str, Any]:
        return await stored(self._world, self._client, *(await self._signed_in()), **more)

    def bodies(self) -> dict[str, dict[str, Any]]:
        """Of the operations that take one."""
        return {
            f"POST {FILES}": announced(name="Plan.txt"),
            f"PATCH {FILES}/{{file_id}}": {"name": "Other.txt"},
            f"POST {FILES}/{{file_id}}/replace": announced(b"other"),
        }

    async def imported(self, name: str) -> dict[str, dict[str, Any]]:
        """Of what works on a file: one in a project, and for that project."""
        if name != "POST /api/imports":
            return {}
        project, _ = await self._shown()
        return {name: {"file": (await self.made(project=project))["id"], "project": project}}

    async def refusing(self, name: str, status: int) -> str:
        """A path at which an operation on files is refused with 409 or 422."""
        path = name.partition(" ")[2]
        if "{file_id}" not in path:
            await self.allow(0)
            return path
        if status == 409:
            return path.replace("{file_id}", (await begun(self._client, *(await self._signed_in())))["id"])
        file = (await self.made())["id"]
        if name.endswith("/complete"):
            base, headers = await self._signed_in()
            answer = await self._client.post(f"{base}{FILES}/{file}/replace/", json=announced(b"a"), headers=headers)
            send(self._world, answer.json()["upload"], b"a")
        found = await (await self._client.container.get(SiteDirectory)).find(SiteHost(self._world.slug()))
        assert found
        async with self._world.acting(found.scope) as acting:
            await (await acting.get(QuarantineFile))(file_id=FileId(UUID(file)), release=False)
        return path.replace("{file_id}", file)

    async def allow(self, size: int) -> None:
        """What the plan has room for."""
        async with self._world.acting() as container, await container.get(UnitOfWork):
            organizations = await container.get(OrganizationRepository)
            found = await organizations.get(self._world.organization)
            changes = OrganizationChanges(max_storage_bytes=size)
            await organizations.save(found.change(changes, at=self._world.clock()))

    async def _signed_in(self) -> tuple[str, dict[str, str]]:
        base = self._world.host()
        return base, await token(self._client, base)
