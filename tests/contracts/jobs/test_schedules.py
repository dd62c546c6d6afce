"""Writing schedules: what is refused, who may, and what the platform brings of itself."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from application.audit.read_history import ListHistory
from application.audit.revert_to_entry import RevertToEntry
from application.audit.views import HistoryQuery
from application.jobs.schedules.change_schedule import ChangeSchedule
from application.jobs.schedules.create_schedule import CreateSchedule
from application.jobs.schedules.delete_schedule import DeleteSchedule
from application.jobs.schedules.history import ScheduleHistory
from application.jobs.schedules.install_schedules import BuiltInSchedules, InstallSchedules
from application.jobs.schedules.read_schedules import FindSchedule, ListSchedules, ShowSchedule
from application.jobs.schedules.run_schedule import RunSchedule
from application.jobs.schedules.views import ScheduleOrder, ScheduleQuery, ScheduleView
from application.shared.page import Page
from domain.audit.entry import HistoryEntryId
from domain.jobs.schedule import (
    BuiltInScheduleError,
    Schedule,
    ScheduleChanges,
    ScheduleId,
    ScheduleNameTakenError,
    ScheduleNotFoundError,
    ScheduleScope,
)
from domain.shared.caller import NotPermittedError, Permission
from domain.shared.errors import InvalidError, StaleError
from tests.contracts.jobs.asked_jobs import ANN, who
from tests.contracts.jobs.schedules import ScheduleDesk
from tests.domain.jobs.schedules import a_plan
from tests.world import World


@pytest.fixture
async def desk(world: World) -> AsyncIterator[ScheduleDesk]:
    desk = ScheduleDesk(world)
    yield desk
    await desk.clear()


async def change(desk: ScheduleDesk, schedule: Schedule, *, site: str | None = None, **fields: Any) -> Schedule:
    changes = ScheduleChanges(**fields)
    changed: Schedule = await desk(ChangeSchedule, schedule_id=schedule.id, changes=changes, seen=None, site=site)
    return changed


async def test_shows_what_was_said(world: World, desk: ScheduleDesk) -> None:
    site = await world.site()
    schedule = await desk.create(
        job="sweep_files",
        scope=ScheduleScope.SITE,
        site=site.slug,
        arguments={"only_look": True},
        cron="30 2 * * *",
        time_zone="Europe/Berlin",
    )
    shown = await desk.shown(schedule)
    assert shown == ScheduleView.of(schedule, site.slug)
    assert (shown.arguments, shown.time_zone, shown.is_builtin) == ({"only_look": True}, "Europe/Berlin", False)
    assert shown.next_run_at
    assert shown.next_run_at > world.clock()
    assert await desk(FindSchedule, name=shown.name) == shown


@pytest.mark.parametrize(
    ("fields", "site", "wrong"),
    [
        ({"job": "send_mail", "cron": "bad", "time_zone": "Mars/Base"}, None, {"job", "cron", "time_zone"}),
        ({"job": "no_such"}, None, {"job"}),
        ({"job": "purge_jobs", "scope": ScheduleScope.ALL_SITES}, None, {"scope"}),
        ({"job": "sweep_files"}, None, {"scope"}),
        ({"job": "purge_sessions", "scope": ScheduleScope.SITE}, "nowhere", {"site"}),
        ({"job": "purge_sessions"}, "nowhere", {"site"}),
        ({"arguments": {"days": 3}, "interval_seconds": 0}, None, {"arguments", "interval_seconds"}),
        ({"cron": "0 0 31 2 *"}, None, {"cron"}),
        ({"once_at": datetime.fromisoformat("2020-01-01T00:00:00+00:00")}, None, {"once_at"}),
        ({"cron": "* * * * *", "interval_seconds": 5}, None, {"cron", "interval_seconds"}),
    ],
)
async def test_all_that_is_wrong_is_told_at_once(
    desk: ScheduleDesk, fields: dict[str, Any], site: str | None, wrong: set[str]
) -> None:
    with pytest.raises(InvalidError) as refusal:
        await desk.create(site=site, **fields)
    assert refusal.value.details.keys() == wrong


async def test_arguments_are_checked_by_what_the_job_takes(world: World, desk: ScheduleDesk) -> None:
    site = (await world.site()).slug
    with pytest.raises(InvalidError) as refusal:
        await desk.create(
            job="sweep_files", scope=ScheduleScope.SITE, site=site, arguments={"only_look": "perhaps", "more": 1}
        )
    told = refusal.value.details["arguments"]
    assert [one.partition(":")[0] for one in told] == ["more", "only_look"]


async def test_a_name_is_taken_once(desk: ScheduleDesk) -> None:
    first, second = await desk.create(), await desk.create()
    with pytest.raises(ScheduleNameTakenError):
        await desk.create(name=first.plan.name)
    with pytest.raises(ScheduleNameTakenError):
        await change(desk, second, name=first.plan.name)


async def test_a_change_is_seen_at_once_and_counts_up_the_version(world: World, desk: ScheduleDesk) -> None:
    schedule = await desk.create(interval_seconds=3600)
    world.clock.advance(minutes=30)
    changed = await change(desk, schedule, cron="* * * * *")
    shown = await desk.shown(schedule)
    assert (shown.cron, shown.interval_seconds, shown.version) == ("* * * * *", None, 2)
    assert shown.next_run_at == changed.next_run_at
    assert shown.next_run_at
    assert shown.next_run_at - world.clock() <= timedelta(minutes=1)


async def test_a_change_of_scope_leaves_the_site_or_needs_one(world: World, desk: ScheduleDesk) -> None:
    site = (await world.site()).slug
    schedule = await desk.create(job="purge_sessions", scope=ScheduleScope.SITE, site=site)
    assert (await change(desk, schedule, scope=ScheduleScope.ALL_SITES)).plan.site_id is None
    with pytest.raises(InvalidError):
        await change(desk, schedule, scope=ScheduleScope.SITE)
    await change(desk, schedule, scope=ScheduleScope.SITE, site=site)
    assert (await desk.shown(schedule)).site == site


async def test_what_is_over_can_still_be_changed(world: World, desk: ScheduleDesk) -> None:
    schedule = await desk.create(once_at=world.clock() + timedelta(minutes=1))
    world.clock.advance(minutes=2)
    assert (await change(desk, schedule, jitter_seconds=5)).next_run_at is None
    with pytest.raises(InvalidError):
        await change(desk, schedule, once_at=world.clock() - timedelta(seconds=1))


async def test_no_update_is_lost_unseen(desk: ScheduleDesk) -> None:
    schedule = await desk.create()
    await change(desk, schedule, jitter_seconds=1)
    stale = frozenset({schedule.version})
    with pytest.raises(StaleError):
        await desk(ChangeSchedule, schedule_id=schedule.id, changes=ScheduleChanges(jitter_seconds=2), seen=stale)
    with pytest.raises(StaleError):
        await desk(DeleteSchedule, schedule_id=schedule.id, seen=stale)


async def test_what_is_deleted_is_gone_and_its_history_stays(desk: ScheduleDesk) -> None:
    schedule = await desk.create()
    await desk(DeleteSchedule, schedule_id=schedule.id, seen=None)
    with pytest.raises(ScheduleNotFoundError):
        await desk.shown(schedule)
    assert [entry.operation for entry in (await history(desk, schedule)).results] == ["delete", "insert"]


async def history(desk: ScheduleDesk, schedule: Schedule) -> Page[Any]:
    async with desk.world.acting() as container:
        resource = await container.get(ScheduleHistory)
        key = {"schedule_id": schedule.id}
        page: Page[Any] = await (await container.get(ListHistory))(resource, key=key, query=HistoryQuery())
        return page


async def test_the_history_tells_what_people_wrote_and_not_what_ran(world: World, desk: ScheduleDesk) -> None:
    schedule = await desk.create(interval_seconds=60)
    for _ in range(3):
        world.clock.advance(seconds=61)
        await desk.fire()
    await change(desk, schedule, cron="0 3 * * *")
    newest, first = (await history(desk, schedule)).results
    assert first.operation == "insert"
    assert newest.changes["cron"] == (None, "0 3 * * *")
    assert newest.changes["interval_seconds"] == (60, None)
    async with world.acting() as container:
        resource, key = await container.get(ScheduleHistory), {"schedule_id": schedule.id}
        revert = await container.get(RevertToEntry)
        await revert(resource, key=key, entry_id=HistoryEntryId(first.id), seen=None)
    shown = await desk.shown(schedule)
    assert (shown.cron, shown.interval_seconds, shown.version) == (None, 60, 3)


@pytest.mark.parametrize("use_case", [CreateSchedule, ChangeSchedule, DeleteSchedule, RunSchedule, ShowSchedule])
async def test_schedules_are_for_admins_of_the_platform(desk: ScheduleDesk, use_case: type[Any]) -> None:
    schedule = await desk.create()
    arguments: dict[type[Any], dict[str, Any]] = {
        CreateSchedule: {"plan": a_plan()},
        ChangeSchedule: {"schedule_id": schedule.id, "changes": ScheduleChanges(), "seen": None},
        DeleteSchedule: {"schedule_id": schedule.id, "seen": None},
        RunSchedule: {"schedule_id": schedule.id},
        ShowSchedule: {"schedule_id": schedule.id},
    }
    others = who(ANN, *(set(Permission) - {Permission.SITES_MANAGE}))
    with pytest.raises(NotPermittedError):
        await desk(use_case, others, **arguments[use_case])
    with pytest.raises(NotPermittedError):
        await desk(ListSchedules, others, query=ScheduleQuery())


async def test_finds_by_every_field(world: World, desk: ScheduleDesk) -> None:
    site, tag = (await world.site()).slug, uuid4().hex
    first = await desk.create(name=f"a {tag}")
    second = await desk.create(
        name=f"b {tag}", job="purge_sessions", scope=ScheduleScope.SITE, site=site, is_enabled=False
    )

    async def found(**fields: Any) -> list[ScheduleId]:
        page: Page[ScheduleView] = await desk(ListSchedules, query=ScheduleQuery(search=tag, **fields))
        assert page.count == len(page.results)
        return [ScheduleId(one.id) for one in page.results]

    assert await found() == [first.id, second.id]
    assert await found(ordering=ScheduleOrder.NAME_DOWN) == [second.id, first.id]
    for fields in ({"job": "purge_sessions"}, {"scope": ScheduleScope.SITE}, {"site": site}, {"is_enabled": False}):
        assert await found(**fields) == [second.id], fields
    assert await found(site="nowhere") == []


async def install(world: World, **plans: Any) -> None:
    async with world.acting() as container:
        use_case = replace(await container.get(InstallSchedules), builtin=BuiltInSchedules(plans))
        await use_case()


async def test_what_is_built_in_comes_once_and_is_never_overwritten(world: World, desk: ScheduleDesk) -> None:
    key = uuid4().hex
    plan = a_plan(name=f"built in {key}", cron="0 3 * * *")
    await install(world, **{key: plan})
    first: ScheduleView = await desk(FindSchedule, name=plan.name)
    schedule_id = ScheduleId(first.id)
    assert first.is_builtin
    changes = ScheduleChanges(name=f"ours {key}", is_enabled=False, cron="0 5 * * *")
    await desk(ChangeSchedule, schedule_id=schedule_id, changes=changes, seen=None)
    await install(world, **{key: plan})
    shown: ScheduleView = await desk(ShowSchedule, schedule_id=schedule_id)
    assert (shown.name, shown.is_enabled, shown.cron) == (f"ours {key}", False, "0 5 * * *")
    with pytest.raises(ScheduleNotFoundError):
        await desk(FindSchedule, name=plan.name)
    with pytest.raises(BuiltInScheduleError):
        await desk(DeleteSchedule, schedule_id=schedule_id, seen=None)


async def test_every_plan_that_is_built_in_is_sound(world: World, desk: ScheduleDesk) -> None:
    async with world.acting() as container:
        builtin = await container.get(BuiltInSchedules)
    assert len(builtin) > 10
    for plan in builtin.values():
        await desk.create(**{name: getattr(plan, name) for name in plan.__slots__} | {"name": str(uuid4())})
