"""Where everything in a chart lies: numbers for the templates, which draw it and escape what is text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from application.reports.views import WorkloadLine
from application.tasks.dashboard_views import DoneInWeekView
from domain.tasks.task import TaskStatus

WIDTH: Final = 720
_MOST_BARS: Final = 15
_ROW: Final = 26
_LABELS: Final = 170
_NUMBERS: Final = 100
_COLUMNS_TOP: Final = 12
_COLUMNS_HEIGHT: Final = 150
_LEFT: Final = 44
_RIGHT: Final = 12
_EVERY: Final = 4
_LONGEST: Final = 22


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the bar of all tasks."""

    kind: str
    label: str
    number: int
    percent: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Column:
    """A week. `label` stands below some of them."""

    week: str
    number: int
    x: float
    y: float
    width: float
    height: float
    label: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across, and the number it stands for."""

    y: float
    number: int


@dataclass(frozen=True, slots=True)
class ColumnChart:
    columns: Sequence[Column]
    rules: Sequence[Rule]
    bottom: int
    height: int
    total: int


@dataclass(frozen=True, slots=True)
class Bar:
    """What somebody has to do: `late` is the width of what is overdue, which comes first, `rest` of what is not."""

    label: str
    whole_label: str
    open: int
    overdue: int
    y: int
    late: float
    rest: float


@dataclass(frozen=True, slots=True)
class BarChart:
    """`others` have no bar of their own, but one together."""

    bars: Sequence[Bar]
    left: int
    height: int
    others: int


def status_bar(statuses: Mapping[TaskStatus, int]) -> list[Segment]:
    """Left to right in the order of the work; what there is none of has no width."""
    total = sum(statuses.values())
    segments: list[Segment] = []
    x = 0.0
    for status in TaskStatus:
        number = statuses.get(status, 0)
        width = WIDTH * number / total if total else 0.0
        percent = round(100 * number / total) if total else 0
        segments.append(Segment(status.value, readable(status.value), number, percent, round(x, 2), round(width, 2)))
        x += width
    return segments


def week_columns(weeks: Sequence[DoneInWeekView]) -> ColumnChart:
    step = (WIDTH - _LEFT - _RIGHT) / max(len(weeks), 1)
    top = _rounded_up(max((one.count for one in weeks), default=0))
    bottom = _COLUMNS_TOP + _COLUMNS_HEIGHT
    columns = []
    for place, one in enumerate(weeks):
        height = round(_COLUMNS_HEIGHT * one.count / top, 2)
        is_told = (len(weeks) - 1 - place) % _EVERY == 0
        label = f"{one.starts_on:%d %b}" if is_told else ""
        x = round(_LEFT + place * step + step * 0.15, 2)
        columns.append(Column(one.week, one.count, x, bottom - height, round(step * 0.7, 2), height, label))
    rules = [Rule(bottom - _COLUMNS_HEIGHT * part / 2, top * part // 2) for part in range(3)]
    return ColumnChart(columns, rules, bottom, bottom + 24, sum(one.count for one in weeks))


def workload_bars(workload: Sequence[WorkloadLine]) -> BarChart:
    shown, rest = list(workload[:_MOST_BARS]), workload[_MOST_BARS:]
    named = [(one.assignee or "nobody", one.open, one.overdue) for one in shown]
    if rest:
        named.append((f"{len(rest)} others", sum(one.open for one in rest), sum(one.overdue for one in rest)))
    most = max((number for _, number, _ in named), default=0)
    scale = (WIDTH - _LABELS - _NUMBERS) / most if most else 0.0
    bars = [
        Bar(
            label=_short(label),
            whole_label=label,
            open=number,
            overdue=overdue,
            y=place * _ROW,
            late=round(overdue * scale, 2),
            rest=round((number - overdue) * scale, 2),
        )
        for place, (label, number, overdue) in enumerate(named)
    ]
    return BarChart(bars, _LABELS, len(bars) * _ROW, len(rest))


def readable(value: str) -> str:
    return value.replace("_", " ")


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}…"


def _rounded_up(number: int) -> int:
    """To an even number that is easy to read, two at least."""
    size: int = 10 ** max(len(str(number)) - 1, 0)
    return max(2, 2 * ceil(number / (2 * max(size // 2, 1))) * max(size // 2, 1))
