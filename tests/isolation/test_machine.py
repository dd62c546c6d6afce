"""Sites come and go under concurrent requests; nobody ever sees another site's row.

Every row is tagged with the id of the site it was written in. Two processes serve one database, each
with its own memory of which host is which site; the second one learns of changes late. Clients keep the
tokens of every site that ever was and try them at every host that ever was, and go where they are sent on.
"""

import asyncio
import os
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID

import httpx
import pytest
from dishka import AnyOf, Provider, provide
from dishka import Scope as Lifetime
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from adapters.cache.site_directory import CachedSiteDirectory
from application.tenancy.ports import FollowedSiteDirectory, SiteDirectory
from domain.tenancy.schema import SchemaName
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import SiteId
from entrypoints.identifiers import uptime
from tests.world import HttpClient, World, postgres_world, token

NAMES = ("ant", "bee", "cat")
EXAMPLES = int(os.environ.get("TARUVI_TEST_EXAMPLES", "6"))
A_YEAR = 31_536_000
LIVING = st.integers(min_value=0, max_value=len(NAMES) - 1)


@dataclass(slots=True, eq=False)
class Known:
    """A site as the test knows it: its id, its present name, its admin's token, its rows.

    `former` are the names it gave up less than seven days ago.
    """

    tag: str
    name: str
    version: int
    headers: dict[str, str]
    is_open: bool = True
    rows: set[str] = field(default_factory=set)
    former: set[str] = field(default_factory=set)


class Directories(Provider):
    """What processes know of sites, in a time that the test lets pass."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = 0.0

    @provide(scope=Lifetime.APP, override=True)
    def directory(self, source: FollowedSiteDirectory) -> AnyOf[CachedSiteDirectory, SiteDirectory]:
        return CachedSiteDirectory(source, lambda: uptime() + self.ahead)


class Fleet:
    """What the machine does, in coroutines."""

    def __init__(
        self, world: World, clients: list[HttpClient], directories: Directories, platform: dict[str, str]
    ) -> None:
        self.world = world
        self.directories = directories
        self.clients = clients
        self.platform = platform
        self.living: list[Known] = []
        self.gone: list[Known] = []

    async def create(self, name: str) -> None:
        body = {"organization": self.world.organization, "name": name, "slug": self.world.slug(name)}
        answer = await self._manage("POST", "/api/sites/", json=body)
        if answer.status_code == 409:
            return
        assert answer.status_code == 201, answer.text
        assert all(name not in {site.name, *site.former} for site in self.living)
        site = answer.json()
        for client in self.clients:
            served = await client.get(f"{self.world.host(name)}/.well-known/jwks.json")
            assert served.status_code == 200, "the next request to its host is served, by any process"
        scope = SiteScope(SiteId(UUID(site["id"])), site["slug"], SchemaName(site["schema_name"]))
        await self.world.admin(scope)
        headers = await token(self.clients[0], self.world.host(name))
        self.living.append(Known(site["id"], name, site["version"], headers))

    async def switch(self, site: Known) -> None:
        step = "suspend" if site.is_open else "resume"
        answer = await self._manage("POST", f"{self._path(site)}{step}/")
        assert answer.status_code == 200, answer.text
        site.is_open = not site.is_open

    async def rename(self, site: Known, name: str) -> None:
        body = {"slug": self.world.slug(name)}
        answer = await self._manage("POST", f"{self._path(site)}rename/", json=body)
        if answer.status_code != 409:
            assert answer.status_code == 200, answer.text
            assert all(name not in {other.name, *other.former} for other in self.living if other is not site)
            site.former = (site.former | {site.name}) - {name}
            site.name = name

    async def delete(self, site: Known) -> None:
        answer = await self._manage("DELETE", f"{self._path(site)}?confirm={self.world.slug(site.name)}")
        assert answer.status_code == 204, answer.text
        self.living.remove(site)
        self.gone.append(site)

    async def let_pass(self, **time: float) -> None:
        """Ten minutes free the slugs of deleted sites, seven days those of renamed ones; processes catch up."""
        self.world.clock.advance(**time)
        self.directories.ahead += timedelta(**time).total_seconds()
        if "days" in time:
            for site in self.living:
                site.former.clear()
        for client in self.clients:
            await client.catch_up()

    async def traffic(self) -> None:
        """Every token at every host, through every process, reading and writing."""
        attempts = product(self.clients, [*self.living, *self.gone], NAMES)
        await asyncio.gather(*(self._visit(*attempt) for attempt in attempts))

    async def check_nothing_lost(self) -> None:
        for client in self.clients:
            await client.catch_up()
        for site, client in product(self.living, self.clients):
            answer = await self._list(client, site, site.name)
            if site.is_open:
                assert {row["name"] for row in answer.json()["results"]} == site.rows
            else:
                assert answer.status_code == 503

    async def check_where_hosts_lead(self) -> None:
        """Each former host of a living site to that site, by any process; those of a deleted one nowhere."""
        present = {site.name for site in self.living}
        leads_to = {name: site.name for site in self.living for name in site.former}
        for client, name in product(self.clients, NAMES):
            await client.catch_up()
            answer = await client.get(f"{self.world.host(name)}/api/projects/?x=1")
            if name in present:
                assert answer.status_code in (401, 503)
            elif name in leads_to:
                assert answer.status_code == 308
                assert answer.headers["location"] == f"{self.world.host(leads_to[name])}/api/projects/?x=1"
            else:
                assert answer.status_code == 404

    async def _visit(self, client: HttpClient, site: Known, name: str) -> None:
        row = f"{site.tag[-6:]}-{len(site.rows)}-{id(client)}-{name}"
        url = f"{self.world.host(name)}/api/projects/"
        body = {"name": row, "description": site.tag}
        written = await self._go(client, "POST", url, json=body, headers=site.headers)
        assert written.status_code in (201, 308, 401, 404, 503), written.text
        if written.status_code == 201:
            site.rows.add(row)
            await self._work(client, site, name, written.json()["id"])
        answer = await self._list(client, site, name)
        assert answer.status_code in (200, 308, 401, 404, 503), answer.text
        if answer.status_code == 200:
            tags = {project["description"] for project in answer.json()["results"]}
            assert tags <= {site.tag}, "a row of another site was seen"

    async def _work(self, client: HttpClient, site: Known, name: str, project: str) -> None:
        """A task in the project, unless the site has gone or moved meanwhile; and all tasks that are seen there."""
        url = f"{self.world.host(name)}/api/tasks/"
        body = {"project": project, "title": site.tag}
        written = await self._go(client, "POST", url, json=body, headers=site.headers)
        assert written.status_code in (201, 308, 401, 404, 503), written.text
        answer = await self._go(client, "GET", f"{url}?page_size=100", headers=site.headers)
        assert answer.status_code in (200, 308, 401, 404, 503), answer.text
        if answer.status_code == 200:
            titles = {task["title"] for task in answer.json()["results"]}
            assert titles <= {site.tag}, "a task of another site was seen"

    async def _list(self, client: HttpClient, site: Known, name: str) -> httpx.Response:
        url = f"{self.world.host(name)}/api/projects/?page_size=100"
        return await self._go(client, "GET", url, headers=site.headers)

    async def _go(self, client: HttpClient, method: str, url: str, **more: Any) -> httpx.Response:
        """Where a renamed site sends on, once more; a process that has not heard yet may send on again."""
        answer = await client.request(method, url, **more)
        if answer.status_code != 308:
            return answer
        led = answer.headers["location"]
        path = url.partition("/api/")[2]
        assert led in {f"{self.world.host(name)}/api/{path}" for name in NAMES}, "sent out of the fleet"
        return await client.request(method, led, **more)

    async def _manage(self, method: str, path: str, **more: Any) -> httpx.Response:
        """The first process manages sites; the second hears of it."""
        return await self.clients[0].request(method, f"http://localhost{path}", headers=self.platform, **more)

    def _path(self, site: Known) -> str:
        return f"/api/sites/{self.world.slug(site.name)}/"


class SitesComeAndGo(RuleBasedStateMachine):
    database_url = ""

    @initialize()
    def open(self) -> None:
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.fleet = self.runner.run(self._open())

    async def _open(self) -> Fleet:
        world = await self.stack.enter_async_context(postgres_world(self.database_url))
        lifetimes: Any = {"access_token_seconds": A_YEAR, "refresh_token_seconds": A_YEAR, "access_check_seconds": 2.0}
        directories = Directories()
        clients = [await self.stack.enter_async_context(world.http(directories, **lifetimes)) for _ in range(2)]
        admin = await world.admin()
        return Fleet(world, clients, directories, await token(clients[0], "http://localhost", admin.username))

    def teardown(self) -> None:
        if hasattr(self, "fleet"):
            try:
                self.runner.run(self.fleet.check_nothing_lost())
                self.runner.run(self.fleet.check_where_hosts_lead())
            finally:
                self.runner.run(self.stack.aclose())
                self.runner.close()

    @rule(name=st.sampled_from(NAMES))
    def create(self, name: str) -> None:
        self.runner.run(self.fleet.create(name))

    @rule(which=LIVING)
    def suspend_or_resume(self, which: int) -> None:
        self._on(which, self.fleet.switch)

    @rule(which=LIVING, name=st.sampled_from(NAMES))
    def rename(self, which: int, name: str) -> None:
        self._on(which, lambda site: self.fleet.rename(site, name))

    @rule(which=LIVING)
    def delete(self, which: int) -> None:
        self._on(which, self.fleet.delete)

    @rule(which=LIVING, name=st.sampled_from(NAMES))
    def give_up_a_slug_and_let_another_have_it(self, which: int, name: str) -> None:
        """The worst case for a process that has not heard yet: it knows the host, and the user.

        A slug that was given up is refused to the other for seven days; one of a deleted site for ten minutes.
        """
        if which >= len(self.fleet.living) or not self.fleet.living[which].is_open:
            return
        site = self.fleet.living[which]
        old = site.name

        async def take_over() -> None:
            await self.fleet.traffic()
            await self.fleet.rename(site, name)
            await self.fleet.create(old)
            await self.fleet.traffic()

        self.runner.run(take_over())

    @rule(time=st.sampled_from([{"minutes": 11}, {"days": 8}]))
    def let_time_pass(self, time: dict[str, float]) -> None:
        self.runner.run(self.fleet.let_pass(**time))

    @rule()
    def check_where_hosts_lead(self) -> None:
        self.runner.run(self.fleet.check_where_hosts_lead())

    @rule()
    def traffic(self) -> None:
        self.runner.run(self.fleet.traffic())

    def _on(self, which: int, step: Any) -> None:
        """The step under traffic, if there is such a site."""
        if which >= len(self.fleet.living):
            return
        site = self.fleet.living[which]

        async def both() -> None:
            await asyncio.gather(self.fleet.traffic(), step(site))

        self.runner.run(both())


@pytest.mark.postgres
def test_nobody_ever_sees_another_sites_row(database_url: str) -> None:
    SitesComeAndGo.database_url = database_url
    run_state_machine_as_test(
        SitesComeAndGo,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=14,
            deadline=None,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
