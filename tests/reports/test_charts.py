from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.reports.charts import WIDTH, status_bar, week_columns, workload_bars
from application.reports.views import WorkloadLine
from application.tasks.dashboard_views import DoneInWeekView
from domain.tasks.task import TaskStatus

NUMBERS = st.integers(min_value=0, max_value=10_000_000)
MONDAY = date(2026, 6, 1)


def weeks(*numbers: int) -> list[DoneInWeekView]:
    return [DoneInWeekView(f"W{place}", MONDAY + timedelta(weeks=place), one) for place, one in enumerate(numbers)]


@given(st.dictionaries(st.sampled_from(TaskStatus), NUMBERS))
def test_the_bar_of_all_tasks_is_filled_without_gaps(statuses: dict[TaskStatus, int]) -> None:
    segments = status_bar(statuses)
    assert [one.number for one in segments] == [statuses.get(status, 0) for status in TaskStatus]
    assert sum(one.width for one in segments) == pytest.approx(WIDTH if sum(statuses.values()) else 0, abs=0.1)
    for left, right in pairwise(segments):
        assert right.x == pytest.approx(left.x + left.width, abs=0.1)


@given(st.lists(NUMBERS, max_size=60))
def test_columns_stand_on_the_ground_and_below_the_top_rule(numbers: list[int]) -> None:
    chart = week_columns(weeks(*numbers))
    top = min(rule.y for rule in chart.rules)
    assert chart.total == sum(numbers)
    for column in chart.columns:
        assert column.y + column.height == pytest.approx(chart.bottom)
        assert top - 0.01 <= column.y <= chart.bottom
        assert 0 <= column.x <= column.x + column.width <= WIDTH


@pytest.mark.parametrize(
    ("most", "rules"), [(0, [0, 1, 2]), (1, [0, 1, 2]), (3, [0, 2, 4]), (45, [0, 25, 50]), (999, [0, 500, 1000])]
)
def test_rules_are_at_numbers_that_are_easy_to_read(most: int, rules: list[int]) -> None:
    assert [rule.number for rule in week_columns(weeks(0, most)).rules] == rules


def test_every_fourth_week_is_told_back_from_the_present_one() -> None:
    labels = [column.label for column in week_columns(weeks(*range(6))).columns]
    assert labels == ["", "08 Jun", "", "", "", "06 Jul"]


@given(st.lists(st.tuples(NUMBERS, NUMBERS).map(lambda two: (max(two), min(two))), max_size=40))
def test_bars_fit_and_all_open_tasks_are_in_them(load: list[tuple[int, int]]) -> None:
    chart = workload_bars([WorkloadLine(f"user {place}", *one) for place, one in enumerate(load)])
    assert len(chart.bars) <= 16
    assert sum(bar.open for bar in chart.bars) == sum(one for one, _ in load)
    assert sum(bar.overdue for bar in chart.bars) == sum(late for _, late in load)
    for bar in chart.bars:
        assert bar.late >= 0
        assert bar.rest >= -0.01
        assert chart.left + bar.late + bar.rest <= WIDTH


def test_who_has_no_name_is_nobody_and_a_long_one_is_cut() -> None:
    nobody, long = workload_bars([WorkloadLine(None, 2, 0), WorkloadLine("x" * 100, 1, 1)]).bars
    assert (nobody.label, len(long.label), long.whole_label) == ("nobody", 22, "x" * 100)
