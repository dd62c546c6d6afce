"""Cron times where clocks change, against what each place's clock shows."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.cron.times import CronsimTimes

TIMES = CronsimTimes()
BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"


def runs(cron: str, zone: str, start: str, number: int) -> list[str]:
    """In UTC."""
    found, after = [], datetime.fromisoformat(start).replace(tzinfo=UTC)
    for _ in range(number):
        following = TIMES.next_time(cron, zone, after)
        assert following is not None
        assert following > after
        after = following
        found.append(after.strftime("%m-%d %H:%M"))
    return found


@pytest.mark.parametrize(
    ("cron", "zone", "start", "expected"),
    [
        # The hour from 2 to 3 is left out: the run of 2:30 is right after it, once.
        ("30 2 * * *", BERLIN, "2026-03-28T00:00", ["03-28 01:30", "03-29 01:00", "03-30 00:30"]),
        ("30 2 * * *", BERLIN, "2027-03-27T00:00", ["03-27 01:30", "03-28 01:00", "03-29 00:30"]),
        ("30 2 * * *", NEW_YORK, "2026-03-07T00:00", ["03-07 07:30", "03-08 07:00", "03-09 06:30"]),
        ("30 2 * * *", NEW_YORK, "2027-03-13T00:00", ["03-13 07:30", "03-14 07:00", "03-15 06:30"]),
        # The hour from 2 to 3 (from 1 to 2) comes twice: the run is in the first one alone.
        ("30 2 * * *", BERLIN, "2026-10-24T00:00", ["10-24 00:30", "10-25 00:30", "10-26 01:30"]),
        ("30 2 * * *", BERLIN, "2027-10-30T00:00", ["10-30 00:30", "10-31 00:30", "11-01 01:30"]),
        ("30 1 * * *", NEW_YORK, "2026-10-31T00:00", ["10-31 05:30", "11-01 05:30", "11-02 06:30"]),
        ("30 1 * * *", NEW_YORK, "2027-11-06T00:00", ["11-06 05:30", "11-07 05:30", "11-08 06:30"]),
        # From within the second of the two hours there is none left on that day.
        ("45 2 * * *", BERLIN, "2026-10-25T01:30", ["10-26 01:45"]),
        # What runs every hour, or every few minutes, runs by elapsed time.
        ("0 * * * *", BERLIN, "2026-10-24T23:30", ["10-25 00:00", "10-25 01:00", "10-25 02:00"]),
        ("*/30 * * * *", BERLIN, "2026-03-29T00:15", ["03-29 00:30", "03-29 01:00", "03-29 01:30"]),
    ],
)
def test_a_change_of_the_clock_neither_loses_nor_doubles_a_run(
    cron: str, zone: str, start: str, expected: list[str]
) -> None:
    assert runs(cron, zone, start, len(expected)) == expected


@st.composite
def fixed_times(draw: st.DrawFn) -> tuple[int, int, str, datetime]:
    zone = draw(st.sampled_from([BERLIN, NEW_YORK, "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]))
    after = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 2 * 365 * 24 * 60)))
    return draw(st.integers(0, 23)), draw(st.integers(0, 59)), zone, after


@given(fixed_times())
def test_a_daily_time_runs_once_on_every_day_of_that_place(case: tuple[int, int, str, datetime]) -> None:
    """By the naive way: the first moment of each day at which the clock there shows that time, or is past it."""
    hour, minute, zone, after = case
    place = ZoneInfo(zone)

    def of_day(day: datetime) -> datetime:
        wanted = day.replace(hour=hour, minute=minute, tzinfo=None)
        moment = (day.replace(tzinfo=None) - timedelta(hours=16)).replace(tzinfo=UTC)
        while moment.astimezone(place).replace(tzinfo=None) < wanted:
            moment += timedelta(minutes=30 if (wanted - moment.replace(tzinfo=None)) > timedelta(hours=16) else 1)
        return moment

    midnight = after.astimezone(place).replace(hour=0, minute=0)
    days = [midnight + timedelta(days=one) for one in (0, 1, 2)]
    expected = min(moment for day in days if (moment := of_day(day)) > after)
    assert TIMES.next_time(f"{minute} {hour} * * *", zone, after) == expected


@given(st.integers(0, 59), st.integers(1, 28), st.sampled_from([BERLIN, NEW_YORK]))
def test_times_only_go_forward(minute: int, day: int, zone: str) -> None:
    after, found = datetime(2026, 1, 1, tzinfo=UTC), []
    for _ in range(30):
        following = TIMES.next_time(f"{minute} 1-3 {day} * *", zone, after)
        assert following is not None
        found.append(after := following)
    assert all(one < other for one, other in pairwise(found))
    assert all(one.astimezone(ZoneInfo(zone)).day == day for one in found)


@pytest.mark.parametrize(
    "cron",
    [
        *("", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "0 0 31 2 *", "x * * * *", "5-1 * * * *"),
        *("*/0 * * * *", "L/2 * * * *", "1" * 300, "@daily", "0 0 * * 1#9", "0 0 * * ²L"),
    ],
)
def test_tells_what_is_no_cron_expression(cron: str) -> None:
    assert TIMES.problem(cron)
    assert TIMES.next_time(cron, "UTC", datetime(2026, 1, 1, tzinfo=UTC)) is None or len(cron.split()) == 6


@pytest.mark.parametrize("cron", ["* * * * *", "0 3 * * MON-FRI", "*/5 8-18 1,15 * *", "0 0 L * *", "0 0 29 2 *"])
def test_takes_what_is_one(cron: str) -> None:
    assert TIMES.problem(cron) is None


@pytest.mark.parametrize("zone", ["", "Berlin", "Europe/Nowhere", "../zones", "/etc/localtime", "zone.tab", "\0"])
def test_knows_no_zone_that_is_none(zone: str) -> None:
    assert not TIMES.knows(zone)
    assert TIMES.next_time("* * * * *", zone, datetime(2026, 1, 1, tzinfo=UTC)) is None


def test_knows_the_zones_of_the_pinned_package() -> None:
    assert TIMES.knows(BERLIN)
    assert TIMES.knows("UTC")
