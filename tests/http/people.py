"""Users of the platform, as its REST API meets them."""

from dataclasses import dataclass
from typing import Any, Final

import httpx

from domain.shared.caller import UserId
from tests.world import PLATFORM, HttpClient, World, token

BASE: Final = "http://localhost"
ORGANIZATIONS: Final = "/api/organizations/"
DESCRIBED: Final[dict[str, Any]] = {
    "name": "Acme Ltd",
    "description": "Everything\na coyote needs.",
    "email": "office@acme.example",
    "website": "https://acme.example/about",
    "phone": "+49 30 1234",
    "address": "1 Desert Road\nArizona",
    "settings": {"locale": "en", "nested": {"list": [1, 2.5, True, None, "ä"]}},
}
PLATFORMS: Final[dict[str, Any]] = {
    "plan": "basic",
    "max_sites": 7,
    "max_members": 8,
    "max_storage_bytes": 9,
    "is_verified": True,
    "is_active": False,
}
STANDING: Final[dict[str, Any]] = {
    "role": "member",
    "title": "Head",
    "department": "Sales",
    "phone": "1",
    "is_active": True,
}


@dataclass(frozen=True, slots=True)
class Person:
    """Signed in on the platform."""

    client: HttpClient
    id: UserId
    headers: dict[str, str]

    async def __call__(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = self.headers | more.pop("headers", {})
        return await self.client.request(method, BASE + path, headers=headers, **more)

    async def found(self, name: str = "Acme", **fields: Any) -> str:
        """Create an organization; its slug."""
        answer = await self("POST", ORGANIZATIONS, json={"name": name} | fields)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["slug"])

    async def add(self, slug: str, other: "Person", role: str = "member") -> httpx.Response:
        """Make somebody a member."""
        return await self("POST", members(slug), json={"user_id": str(other.id), "role": role})

    async def codes(self, *requests: tuple[str, str], **more: Any) -> list[tuple[int, str]]:
        """Status and error code of each (method, path)."""
        answers = [await self(method, path, **more) for method, path in requests]
        return [(answer.status_code, answer.json().get("code") if answer.content else "") for answer in answers]


@dataclass(frozen=True, slots=True)
class Platform:
    """Makes people. Their names get the world's suffix: several worlds share a database."""

    world: World
    client: HttpClient

    async def person(self, name: str) -> Person:
        username = f"{name}-{self.world.suffix}"
        user = await self.world.user(PLATFORM, username)
        return Person(self.client, user.id, await token(self.client, BASE, username))

    async def admin(self) -> Person:
        admin = await self.world.admin()
        return Person(self.client, admin.id, await token(self.client, BASE, admin.username))


def path(slug: str) -> str:
    return f"{ORGANIZATIONS}{slug}/"


def members(slug: str) -> str:
    return f"{ORGANIZATIONS}{slug}/members/"


def member(slug: str, of: Person) -> str:
    return f"{ORGANIZATIONS}{slug}/members/{of.id}/"


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Status and error code."""
    return answer.status_code, answer.json()["code"]


async def names(person: Person, **query: Any) -> list[str]:
    answer = await person("GET", ORGANIZATIONS, params=query)
    assert answer.status_code == 200, answer.text
    assert answer.json()["count"] == len(answer.json()["results"])
    return [one["name"] for one in answer.json()["results"]]


async def role(person: Person, slug: str, of: Person) -> str:
    return str((await person("GET", member(slug, of))).json()["role"])


async def listed(person: Person, slug: str, **query: Any) -> list[str]:
    """First names, as it were."""
    page = (await person("GET", members(slug), params=query)).json()
    assert page["count"] == len(page["results"])
    return [one["user"]["username"].partition("-")[0] for one in page["results"]]
