"""What the operations on backups are about: made by the jobs that are asked for."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from tests.http.driven_sites import SITES
from tests.world import HttpClient

_BASE: Final = "http://localhost"


class DrivenBackups:
    """`sign_in` gives the headers of an admin of the platform."""

    def __init__(self, client: HttpClient, sign_in: Callable[[str], Awaitable[dict[str, str]]]) -> None:
        self._client = client
        self._sign_in = sign_in
        self._newest: dict[str, str] = {}

    async def place(self, path: str) -> str:
        """Of an operation on a site that is there: with what it needs of backups."""
        site, _, step = path.removeprefix(f"{SITES}/").partition("/")
        if step == "restore":
            self._newest = {"backup": await self._taken(site, "backup"), "confirm": site}
        if step == "unarchive":
            await self._taken(site, "archive")
        if "{backup_id}" in path:
            kind = "export" if path.endswith("/download") else "backup"
            path = path.replace("{backup_id}", await self._taken(site, kind))
        return path

    def bodies(self, new_slug: str) -> dict[str, dict[str, Any]]:
        return {
            f"POST {SITES}/{{slug}}/clone": {"slug": new_slug, "name": "A copy"},
            f"POST {SITES}/{{slug}}/restore": dict(self._newest),
        }

    async def _taken(self, site: str, kind: str) -> str:
        """The id of one that is ready."""
        headers, url = await self._sign_in(SITES), f"{_BASE}{SITES}/{site}"
        answer = await self._client.post(f"{url}/{kind}", headers=headers)
        assert answer.status_code == 202, answer.text
        await self._client.settle()
        found = (await self._client.get(f"{url}/backups/?status=ready&kind={kind}", headers=headers)).json()
        return str(found["results"][0]["id"])
