"""Requests that run while their site is suspended, resumed, renamed and deleted end cleanly.

Each is answered completely, or with 401, 404, a redirect to the site's host, or 503 and when to try again; and
whatever is in an answer is the site's own.
"""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.world import PASSWORD, HttpClient, World, postgres_world, token

pytestmark = pytest.mark.postgres
PLATFORM = "http://localhost"
NAMES = ("ebb", "flow")
ROUNDS = 3


@dataclass
class Traffic:
    """Reads, writes and log-ins at a host that the site has or had, and looks at it from the platform, without end."""

    world: World
    client: HttpClient
    headers: dict[str, str]
    platform: dict[str, str]
    tag: str
    is_over: bool = False
    seen: Counter[int] = field(default_factory=Counter)
    written: set[str] = field(default_factory=set)
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    async def go_on(self) -> None:
        """Until a few more requests were answered."""
        for _ in range(6):
            self.answered.clear()
            await self.answered.wait()

    async def run(self, name: str, number: int) -> None:
        base, sent = self.world.host(name), 0
        while not self.is_over:
            sent += 1
            row = f"{name}-{number}-{sent}"
            made = await self._send("POST", f"{base}/api/projects/", json={"name": row, "description": self.tag})
            if made == 201:
                self.written.add(row)
            await self._send("GET", f"{base}/api/projects/?search=-&ordering=-name")
            body = {"username": "admin", "password": PASSWORD}
            await self._send("POST", f"{base}/api/auth/jwt/token/", json=body)
            url = f"{PLATFORM}/api/sites/{self.world.slug(name)}/usage/"
            await self._send("GET", url, headers=self.platform)

    async def _send(self, method: str, url: str, **more: Any) -> int:
        answer = await self.client.request(method, url, **{"headers": self.headers} | more)
        status = answer.status_code
        self.seen[status] += 1
        self.answered.set()
        assert status in (200, 201, 308, 401, 404, 503), answer.text
        if status == 503:
            assert int(answer.headers["retry-after"]) > 0
        elif status == 308:
            assert answer.headers["location"].startswith(tuple(self.world.host(name) for name in NAMES))
        elif "results" in answer.json():
            assert {project["description"] for project in answer.json()["results"]} <= {self.tag}
        return status


async def neighbour(world: World, client: HttpClient) -> None:
    """A site whose rows nobody else may ever see."""
    await world.admin(await world.site("other"))
    base = world.host("other")
    headers = await token(client, base)
    for number in range(3):
        body = {"name": f"other-{number}", "description": "the other's"}
        assert (await client.post(f"{base}/api/projects/", json=body, headers=headers)).status_code == 201


async def test_requests_in_flight_end_cleanly(database_url: str) -> None:
    """Two processes: the first one makes the changes, the second one hears of them."""
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(postgres_world(database_url))
        clients = [await stack.enter_async_context(world.http(access_check_seconds=2.0)) for _ in range(2)]
        admin = await world.admin()
        platform = await token(clients[0], PLATFORM, admin.username)
        await neighbour(world, clients[0])
        scope = await world.site(NAMES[0])
        await world.admin(scope)
        headers = await token(clients[0], world.host(NAMES[0]))
        traffics = [Traffic(world, client, headers, platform, str(scope.site_id)) for client in clients]

        async def manage(method: str, path: str, **more: Any) -> None:
            answer = await clients[0].request(method, f"{PLATFORM}/api/sites/{path}", headers=platform, **more)
            assert answer.status_code in (200, 204), answer.text
            async with asyncio.timeout(60):
                await asyncio.gather(*(traffic.go_on() for traffic in traffics))

        async def live_and_end() -> None:
            name, other = NAMES
            for _ in range(ROUNDS):
                await manage("POST", f"{world.slug(name)}/suspend/")
                await manage("POST", f"{world.slug(name)}/resume/")
                await manage("POST", f"{world.slug(name)}/rename/", json={"slug": world.slug(other)})
                name, other = other, name
            await check_nothing_lost(traffics, clients[0], world.host(name), headers)
            await manage("DELETE", f"{world.slug(name)}/?confirm={world.slug(name)}")
            for traffic in traffics:
                traffic.is_over = True

        async with asyncio.TaskGroup() as group:
            for traffic in traffics:
                for number, name in enumerate(NAMES):
                    group.create_task(traffic.run(name, number))
            group.create_task(live_and_end())

        for client in clients:
            await client.catch_up()
            for name in NAMES:
                assert (await client.get(f"{world.host(name)}/api/projects/", headers=headers)).status_code == 404
    seen = traffics[0].seen + traffics[1].seen
    assert seen.keys() >= {200, 201, 308, 503}, seen


async def check_nothing_lost(traffics: list[Traffic], client: HttpClient, base: str, headers: dict[str, str]) -> None:
    """What was answered as written is there, before the site ends."""
    written = set().union(*(traffic.written for traffic in traffics))
    found: set[str] = set()
    page = f"{base}/api/projects/?page_size=100"
    while page:
        answer = await client.get(page, headers=headers)
        assert answer.status_code == 200, answer.text
        found |= {project["name"] for project in answer.json()["results"]}
        page = answer.json()["next"]
    assert written <= found
