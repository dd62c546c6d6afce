from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain.jobs.schedule import (
    GRACE,
    BuiltInScheduleError,
    Misfire,
    Schedule,
    ScheduleChanges,
    ScheduleScope,
)
from domain.shared.errors import InvalidError
from tests.domain.jobs.schedules import NOON, a_plan, a_schedule, hourly

SECOND = timedelta(seconds=1)


def after(**step: float) -> datetime:
    return NOON + timedelta(**step)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": " "}, {"name"}),
        ({"cron": None}, {"cron", "interval_seconds", "once_at"}),
        ({"cron": "* * * * *", "interval_seconds": 5}, {"cron", "interval_seconds"}),
        ({"interval_seconds": 0}, {"interval_seconds"}),
        ({"jitter_seconds": -1, "scope": ScheduleScope.SITE}, {"jitter_seconds", "site"}),
        ({"site_id": uuid4()}, {"site"}),
        ({"arguments": {"text": "\0"}}, {"arguments"}),
    ],
)
def test_tells_all_that_is_wrong(fields: dict[str, Any], wrong: set[str]) -> None:
    with pytest.raises(InvalidError) as refusal:
        a_schedule(**fields)
    assert refusal.value.details.keys() == wrong


def test_each_kind_of_time_has_a_first_one() -> None:
    assert a_plan(cron="0 * * * *").first_time(after(minutes=5), hourly) == after(hours=1)
    assert a_plan(interval_seconds=90).first_time(NOON, hourly) == after(seconds=90)
    assert a_plan(once_at=after(days=1)).first_time(NOON, hourly) == after(days=1)
    assert a_plan(once_at=NOON).first_time(NOON, hourly) is None
    assert a_plan(interval_seconds=90, is_enabled=False).first_time(NOON, hourly) is None


@pytest.mark.parametrize(("late", "following"), [(0, 60), (59, 60), (60, 120), (61, 120), (3601, 3660)])
def test_an_interval_keeps_its_beat(late: int, following: int) -> None:
    moved = a_schedule(next_run_at=NOON, interval_seconds=60).move_on(at=after(seconds=late), cron=hourly)
    assert moved.next_run_at == after(seconds=following)


def test_cron_times_go_on_from_now_and_a_one_off_time_is_over() -> None:
    late = after(hours=5, minutes=2)
    assert a_schedule(next_run_at=NOON, cron="0 * * * *").move_on(at=late, cron=hourly).next_run_at == after(hours=6)
    assert a_schedule(next_run_at=NOON, once_at=NOON).move_on(at=NOON, cron=hourly).next_run_at is None


def test_only_what_is_late_beyond_the_grace_is_missed_and_only_if_it_is_to_be_skipped() -> None:
    skips = a_schedule(next_run_at=NOON, misfire=Misfire.SKIP)
    assert not skips.is_missed(at=NOON + GRACE)
    assert skips.is_missed(at=NOON + GRACE + SECOND)
    assert not a_schedule(next_run_at=NOON, misfire=Misfire.RUN_ONCE).is_missed(at=after(days=9))


def test_a_change_begins_its_times_anew() -> None:
    schedule = a_schedule(next_run_at=NOON, interval_seconds=60)
    changed = schedule.change(schedule.plan.changed(ScheduleChanges(name="other")), at=after(seconds=5), cron=hourly)
    assert (changed.plan.name, changed.next_run_at) == ("other", after(seconds=65))
    assert (changed.version, changed.updated_at) == (2, after(seconds=5))


def test_a_new_kind_of_time_takes_the_place_of_the_old_one() -> None:
    plan = a_plan(interval_seconds=60).changed(ScheduleChanges(cron="0 3 * * *"))
    assert (plan.cron, plan.interval_seconds) == ("0 3 * * *", None)
    assert plan.changed(ScheduleChanges(cron=None, once_at=NOON)).once_at == NOON


def test_two_new_kinds_of_time_are_one_too_many() -> None:
    plan = a_plan(interval_seconds=60).changed(ScheduleChanges(cron="0 3 * * *", once_at=NOON))
    with pytest.raises(InvalidError):
        a_schedule().change(plan, at=NOON, cron=hourly)


def test_running_changes_no_version() -> None:
    schedule = a_schedule(next_run_at=NOON)
    ran = schedule.ran(at=NOON)
    assert (ran.run_count, ran.last_run_at, ran.version) == (1, NOON, schedule.version)


def test_what_is_built_in_is_not_deleted() -> None:
    schedule = a_schedule()
    schedule.require_deletable()
    built_in = Schedule(
        id=schedule.id,
        plan=schedule.plan,
        created_at=NOON,
        updated_at=NOON,
        created_by=None,
        next_run_at=None,
        builtin="nightly",
    )
    with pytest.raises(BuiltInScheduleError):
        built_in.require_deletable()
