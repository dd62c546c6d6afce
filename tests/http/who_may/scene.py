"""The real application, and one caller in it who asks for one thing."""

import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

import httpx

from domain.tenancy.scope import SiteScope
from tests.http.who_may.table import Row
from tests.world import PASSWORD, HttpClient, World, token

BASE: Final = "http://localhost"
NOBODY: Final = "00000000-0000-7000-8000-000000000000"
Headers = dict[str, str]
Bodies = dict[str, dict[str, Any]]
Makers = dict[str, Callable[[], Awaitable[str]]]
"""By the name of what each makes a new one of; it gives its id, slug or address."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What all scenes share: the sites `acme` and `other`, and who makes what scenes are about."""

    world: World
    client: HttpClient
    acme: SiteScope
    root: Headers
    adm: Headers
    other_adm: Headers
    numbers: Iterator[int] = field(default_factory=count)

    @classmethod
    async def open(cls, world: World, client: HttpClient) -> "Stage":
        acme = await world.site()
        await world.admin()
        await world.admin(acme)
        await world.admin(await world.site("other"))
        return cls(
            world,
            client,
            acme,
            root=await token(client, BASE, f"admin-{world.suffix}"),
            adm=await token(client, world.host()),
            other_adm=await token(client, world.host("other")),
        )

    def new(self) -> str:
        """A name that nothing else has."""
        return self.world.slug(f"x{next(self.numbers)}")

    async def sent(self, method: str, url: str, headers: Headers, **body: Any) -> dict[str, Any]:
        """The answer to what must succeed."""
        answer = await self.client.request(method, url, headers=headers, json=body or None)
        assert answer.is_success, (method, url, answer.text)
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found

    async def at_platform(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        """By an admin of the platform."""
        return await self.sent(method, BASE + path, self.root, **body)

    async def in_acme(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        """By an admin of `acme`."""
        return await self.sent(method, self.world.host() + path, self.adm, **body)


class Scene(ABC):
    """One caller, and the things that an operation names: each is made when it is first asked for."""

    def __init__(self, stage: Stage, who: str, base: str, steward: Headers) -> None:
        self.stage = stage
        self.who = who
        self.base = base
        self.steward = steward
        self.headers: Headers = {}
        self.makers: Makers = {
            "new": self._new,
            "password": self._password,
            "self": lambda: self._mine("id"),
            "email": lambda: self._mine("email"),
            "current": lambda: self._session(self.headers, current=True),
            "session": self._another_session,
            "theirs": lambda: self._session(self.steward, current=True),
        }
        self._made: dict[str, str] = {}

    @abstractmethod
    async def sign_in(self) -> Headers:
        """Of the caller, in a new session."""

    async def ask(self, row: Row, bodies: Bodies) -> int:
        """The status that the caller gets."""
        self.headers = await self.sign_in()
        path, body = await self._filled(row.path), await self._filled(bodies.get(row.name))
        return (await self._request(row.method, path, self.headers, json=body)).status_code

    async def named(self, name: str) -> str:
        """The thing of that name."""
        if name not in self._made:
            self._made[name] = await self.makers[name]()
        return self._made[name]

    def has(self, name: str, what: str) -> None:
        """It is there already."""
        self._made[name] = what

    async def _entry(self, path: str, change: dict[str, Any] | None = None, *, oldest: bool = True) -> str:
        """Of the history of what is at this path, as whoever has the say there finds it; after a change, if one is."""
        if change is not None:
            await self.stage.sent("PATCH", self.base + path, self.steward, **change)
        listed = await self.stage.sent("GET", f"{self.base}{path}history/", self.steward)
        return str(listed["results"][-1 if oldest else 0]["id"])

    async def _new(self) -> str:
        return self.stage.new()

    async def _password(self) -> str:
        return PASSWORD

    async def _another_session(self) -> str:
        await self.sign_in()
        return await self._session(self.headers, current=False)

    async def _mine(self, what: str) -> str:
        answer = await self._request("GET", "/api/users/me/", self.headers)
        return str(answer.json().get(what, NOBODY))

    async def _session(self, headers: Headers, *, current: bool) -> str:
        answer = await self._request("GET", "/api/auth/sessions/", headers)
        found = [one["id"] for one in answer.json().get("results", []) if one["current"] is current]
        return found[0] if found else NOBODY

    async def _request(self, method: str, path: str, headers: Headers, **more: Any) -> httpx.Response:
        return await self.stage.client.request(method, self.base + path, headers=headers, **more)

    async def _filled(self, value: Any) -> Any:
        match value:
            case str():
                return value.format(**{name: await self.named(name) for name in re.findall(r"{(\w+)}", value)})
            case dict():
                return {key: await self._filled(one) for key, one in value.items()}
            case list():
                return [await self._filled(one) for one in value]
        return value
