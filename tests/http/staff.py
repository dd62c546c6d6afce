"""A host's API, signed in as one of its users."""

from dataclasses import dataclass
from typing import Any, Final

import httpx

from tests.world import PASSWORD, HttpClient, token

PLATFORM_BASE: Final = "http://localhost"
USERS: Final = "/api/users/"
GROUPS: Final = "/api/groups/"
PROJECTS: Final = "/api/projects/"
GRACE: Final = {"username": "grace", "email": "grace@example.org", "password": PASSWORD}


def user_path(user: dict[str, Any]) -> str:
    return f"{USERS}{user['id']}/"


def path_of(group: dict[str, Any]) -> str:
    return f"{GROUPS}{group['id']}/"


def members_of(group: dict[str, Any]) -> str:
    return f"{path_of(group)}members/"


@dataclass(frozen=True, slots=True)
class Person:
    """`await ada("GET", "/api/users/")` is a request of Ada's."""

    client: HttpClient
    base: str
    headers: dict[str, str]

    async def __call__(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = self.headers | more.pop("headers", {})
        return await self.client.request(method, self.base + path, headers=headers, **more)

    async def made(self, path: str, **body: Any) -> dict[str, Any]:
        """Something new."""
        answer = await self("POST", path, json=body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def listed(self, path: str, **query: Any) -> tuple[int, list[dict[str, Any]]]:
        """How many there are, and the first page of them."""
        answer = await self("GET", path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()["count"], answer.json()["results"]

    async def me(self) -> dict[str, Any]:
        answer = await self("GET", "/api/users/me/")
        assert answer.status_code == 200, answer.text
        me: dict[str, Any] = answer.json()
        return me


async def sign_in(client: HttpClient, base: str, username: str) -> Person:
    return Person(client, base, await token(client, base, username))
