"""When and how a schedule runs, as options of the command line say it and as it is shown."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import click
import msgspec

from application.jobs.schedules.views import ScheduleView
from domain.jobs.schedule import Misfire
from entrypoints.cli.console import UserError

_OPTIONS: Final = (
    click.option("--cron", help='Five fields, like "30 2 * * MON-FRI".'),
    click.option("--time-zone", help="Of the cron times, like Europe/Berlin. Default: UTC."),
    click.option("--every", "interval_seconds", type=int, help="An interval, in seconds."),
    click.option("--at", "once_at", help="One time, like 2026-12-24T18:00:00+01:00."),
    click.option("--arguments", help='Of the job, as JSON: {"only_look": true}.'),
    click.option("--misfire", type=click.Choice([one.value for one in Misfire]), help="What becomes of missed times."),
    click.option("--jitter", "jitter_seconds", type=int, help="Over so many seconds the jobs of all sites are spread."),
)


def time_options(run: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_OPTIONS):
        run = option(run)
    return run


def given(options: dict[str, Any]) -> dict[str, Any]:
    """Those that were given, as the domain has them."""
    found = {name: value for name, value in options.items() if value is not None}
    if "misfire" in found:
        found["misfire"] = Misfire(found["misfire"])
    if "once_at" in found:
        found["once_at"] = _moment(found["once_at"])
    if "arguments" in found:
        found["arguments"] = _document(found["arguments"])
    return found


def when(one: ScheduleView) -> str:
    if one.cron is not None:
        return f"{one.cron} {one.time_zone}"
    return f"every {one.interval_seconds} s" if one.interval_seconds else f"at {shown(one.once_at)}"


def shown(time: datetime | None) -> str:
    return time.isoformat(timespec="seconds") if time else "-"


def _moment(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise UserError(f"--at: {text!r} is not a time like 2026-12-24T18:00:00+01:00", exit_code=2) from error
    if time.tzinfo is None:
        raise UserError("--at: say the time zone too, like 2026-12-24T18:00:00+01:00", exit_code=2)
    return time.astimezone(UTC)


def _document(text: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise UserError(f"--arguments: {error}", exit_code=2) from error
