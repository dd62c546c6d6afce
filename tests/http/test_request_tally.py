"""What a site had to do is counted by day, and told by its usage."""

import asyncio
from collections.abc import Mapping
from datetime import date, timedelta

from application.projects.open_project import OpenProject
from application.shared.jobs import Jobs
from application.shared.mail import Mail, SendMail
from application.shared.ports import UnitOfWork
from application.tenancy.read_sites import ShowSiteUsage
from application.tenancy.roll_up_usage import RollUpUsage
from application.tenancy.usage_ports import RequestCounts
from application.tenancy.views import SiteDayView
from domain.projects.project import ProjectStatus
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import SiteId
from entrypoints.http.tally import RequestTally
from tests.world import World


async def days(world: World, name: str = "acme") -> list[SiteDayView]:
    async with world.acting() as container:
        return (await (await container.get(ShowSiteUsage))(slug=world.slug(name))).by_day


async def roll_up(world: World, site: SiteScope) -> None:
    async with world.acting(site) as container:
        await (await container.get(RollUpUsage))()


async def test_requests_of_sites_are_counted_and_those_of_the_platform_are_not(world: World) -> None:
    await world.site()
    await world.site("other")
    async with world.http() as client:
        for _ in range(3):
            assert (await client.get(f"{world.host()}/api/projects/")).status_code == 401
        await client.get(f"{world.host('other')}/nowhere")
        await client.get("http://localhost/api/sites/")
        await client.get(f"{world.host()}/health/live/")
    assert [(one.day, one.requests, one.rows) for one in await days(world)] == [(world.clock().date(), 3, None)]
    assert [one.requests for one in await days(world, "other")] == [1]


async def test_several_processes_add_up_and_days_stay_apart(world: World) -> None:
    site = await world.site()
    for _ in range(2):
        async with world.http() as client, world.http() as another:
            await client.get(f"{world.host()}/")
            await another.get(f"{world.host()}/")
        world.clock.advance(days=1)
    today = world.clock().date()
    found = await days(world)
    assert [one.requests for one in found] == [2, 2]
    assert [(today - one.day).days for one in found] == [1, 2]
    assert site


class Away(RequestCounts):
    """A database that is away, once."""

    def __init__(self) -> None:
        self.added: list[Mapping[tuple[SiteId, date], int]] = []
        self.is_away = True

    async def add(self, counts: Mapping[tuple[SiteId, date], int]) -> None:
        if self.is_away:
            raise ConnectionRefusedError
        self.added.append(dict(counts))


async def test_what_cannot_be_written_down_is_kept_for_the_next_time(world: World) -> None:
    site, away = await world.site(), Away()

    async def counts() -> RequestCounts:
        return away

    tally = RequestTally(world.clock, counts)
    tally.count(site.site_id)
    await tally.flush()
    tally.count(site.site_id)
    away.is_away = False
    await tally.flush()
    await tally.flush()
    assert away.added == [{(site.site_id, world.clock().date()): 2}]


async def test_many_processes_write_at_once_and_none_is_lost(world: World) -> None:
    sites = [(await world.site(name)).site_id for name in ("ant", "bee", "cat")]
    counts: RequestCounts = await world.container.get(RequestCounts)
    today = world.clock().date()
    orders = [sites, sites[::-1]] * 5
    await asyncio.gather(*(counts.add({(site, today): 1 for site in order}) for order in orders))
    assert [one.requests for name in ("ant", "bee", "cat") for one in await days(world, name)] == [10, 10, 10]


async def test_the_roll_up_tells_of_today_what_this_site_has(world: World) -> None:
    site, other = await world.site(), await world.site("other")
    owner = await world.admin(site)
    async with world.acting(site) as container:
        for name in ("Moon", "Mars"):
            await (await container.get(OpenProject))(
                name=name, description="", status=ProjectStatus.ACTIVE, owner=owner.id
            )
    async with world.acting(site) as container, await container.get(UnitOfWork):
        mail = Mail(id=site.site_id, kind="a test", to="a@example.org", subject="", text="", html="")
        await (await container.get(Jobs)).add(SendMail, mail=mail)
    for scope in (site, site, other):
        await roll_up(world, scope)
    (today, yesterday) = await days(world)
    assert (today.rows, today.files, today.file_bytes, today.jobs, today.requests) == (3, 0, 0, 1, 0)
    assert (yesterday.rows, yesterday.jobs) == (None, 0)
    assert [one.jobs for one in await days(world, "other")] == [0, 0]


async def test_only_the_last_days_are_told(world: World) -> None:
    site = await world.site()
    counts: RequestCounts = await world.container.get(RequestCounts)
    await counts.add({(site.site_id, date(2026, 1, 1) + timedelta(days=day)): 1 for day in range(40)})
    found = await days(world)
    assert [one.day for one in (found[0], found[-1])] == [date(2026, 2, 9), date(2026, 1, 10)]
