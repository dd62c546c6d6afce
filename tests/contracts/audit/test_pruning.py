"""What leaves the history, and that nobody takes the rest for all of it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import asyncpg
import pytest

from adapters.memory.database import MemoryDatabase
from application.audit.prune_history import PlanPruning, PruneHistory
from application.audit.retain_history import HistoryRetention, Retained, RetainHistory
from application.audit.views import Prunable
from domain.audit.entry import HistoryPrunedError
from domain.shared.caller import Caller, NotPermittedError, Permission
from domain.shared.errors import InvalidError
from domain.tenancy.scope import SiteScope
from tests.contracts.audit.objects import caller_of, changed, of_projects, opened
from tests.world import OPERATOR, World

YEAR = timedelta(days=365)
Aged = Callable[[SiteScope, int], Awaitable[None]]


@pytest.fixture
def aged(world: World, store_url: str) -> Aged:
    """Makes the oldest entries of a site two years older."""

    async def age(site: SiteScope, number: int) -> None:
        if not store_url:
            history = (await world.container.get(MemoryDatabase)).schemas[site.schema.name].history
            for entry in history[:number]:
                object.__setattr__(entry, "at", entry.at - 2 * YEAR)
            return
        connection = await asyncpg.connect(store_url)
        schema = f'"{site.schema.name}"'
        oldest = f"select id from {schema}.history order by id limit {number}"
        await connection.execute("set session_replication_role = replica")
        await connection.execute(f"update {schema}.history set at = at - interval '730 days' where id in ({oldest})")
        await connection.close()

    return age


async def planned(world: World, site: SiteScope, who: Caller = OPERATOR, older_than: timedelta = YEAR) -> Prunable:
    async with world.acting(site, who) as container:
        plan: Prunable = await (await container.get(PlanPruning))(older_than=older_than)
        return plan


async def pruned(world: World, site: SiteScope, plan: Prunable, at_most: int = 100, who: Caller = OPERATOR) -> int:
    async with world.acting(site, who) as container:
        removed: int = await (await container.get(PruneHistory))(plan=plan, at_most=at_most)
        return removed


async def test_what_is_old_goes_bit_by_bit_and_what_is_young_stays(world: World, aged: Aged) -> None:
    site, other = await world.site(), await world.site("other")
    ada = await world.user(site, "ada")
    moon = await opened(world, site, caller_of(ada.id, Permission.PROJECTS_CREATE))
    for number in range(4):
        await changed(world, site, moon, name=f"N{number}")
    await world.user(other, "bob")
    await aged(site, 4)  # the user, the project, two changes
    await aged(other, 1)
    records = of_projects(world, site)
    before = await records.entries(project_id=moon)
    plan = await planned(world, site)
    assert plan.count == 4
    assert len(await records.entries(project_id=moon)) == 5, "a plan takes nothing away"

    assert [await pruned(world, site, plan, at_most=3) for _ in range(3)] == [3, 1, 0]
    assert await records.entries(project_id=moon) == before[3:]
    assert (await planned(world, site)).count == 0
    assert (await planned(world, other)).count == 1


async def test_a_time_of_which_nobody_knows_is_told_so(world: World, aged: Aged) -> None:
    site = await world.site()
    ada = await world.user(site, "ada")
    moon = await opened(world, site, caller_of(ada.id, Permission.PROJECTS_CREATE))
    await changed(world, site, moon, name="Mars")
    await aged(site, 3)
    await changed(world, site, moon, name="Venus")
    records = of_projects(world, site)
    made, *_, venus = await records.entries(project_id=moon)
    plan = await planned(world, site)
    await pruned(world, site, plan)

    for at in (made.at, plan.before - timedelta(microseconds=1)):
        with pytest.raises(HistoryPrunedError):
            await records.past(at, project_id=moon)
    for at in (plan.before, venus.at - timedelta(microseconds=1)):
        assert (await records.past(at, project_id=moon))["name"] == "Mars"
    assert (await records.past(venus.at, project_id=moon))["name"] == "Venus"
    assert (await records.entries(project_id=moon)) == [venus]


async def test_going_back_works_with_what_is_left(world: World, aged: Aged) -> None:
    site = await world.site()
    ada = await world.user(site, "ada")
    moon = await opened(world, site, caller_of(ada.id, Permission.PROJECTS_CREATE))
    await aged(site, 2)
    await changed(world, site, moon, name="Mars")
    await changed(world, site, moon, description="Red", name="Venus")
    await pruned(world, site, await planned(world, site))
    records = of_projects(world, site)
    mars, _ = await records.entries(project_id=moon)
    back = await records.revert(mars.id, project_id=moon)

    assert back.changes["name"] == ("Venus", "Mars")
    assert back.changes["description"] == ("Red", "Far")


async def test_the_operator_alone_prunes_and_nothing_younger_than_a_month(world: World) -> None:
    site = await world.site()
    admin = await world.admin(site)
    plan = Prunable(datetime.fromisoformat("2020-01-01T00:00:00+00:00"), 1, 0)
    who = caller_of(admin.id, *site.permissions(is_admin=True))
    with pytest.raises(NotPermittedError):
        await planned(world, site, who)
    with pytest.raises(NotPermittedError):
        await pruned(world, site, plan, who=who)
    with pytest.raises(InvalidError):
        await planned(world, site, older_than=timedelta(days=29))


async def test_the_schedule_prunes_as_the_settings_say_and_without_one_never(world: World, aged: Aged) -> None:
    site, other = await world.site(), await world.site("other")
    for scope in (site, other):
        await world.user(scope, "ada")
        await world.user(scope, "bob")
        await aged(scope, 1)

    async def retained(scope: SiteScope, age: timedelta | None) -> Retained:
        async with world.acting(scope) as container:
            use_case = replace(await container.get(RetainHistory), retention=HistoryRetention(age=age))
            return await use_case()

    assert await retained(site, None) == Retained()
    assert await retained(site, 3 * YEAR) == Retained()
    assert await retained(site, YEAR) == Retained(pruned=1)
    assert await retained(site, YEAR) == Retained()
    assert await retained(other, YEAR) == Retained(pruned=1)
