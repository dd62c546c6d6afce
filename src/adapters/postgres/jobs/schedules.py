from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

import asyncpg
import msgspec
from sqlalchemy import ARRAY, Text, Uuid, all_, any_, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.jobs.schedule_rows import ScheduleRow
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from application.jobs.schedules.ports import ScheduleRepository, UnreadableScheduleError
from domain.jobs.schedule import (
    Misfire,
    Schedule,
    ScheduleId,
    ScheduleNameTakenError,
    ScheduleNotFoundError,
    SchedulePlan,
    ScheduleScope,
)
from domain.shared.caller import UserId
from domain.shared.errors import InvalidError

_PLAN: Final = (
    *("name", "job", "arguments", "scope", "site_id", "cron", "time_zone", "interval_seconds", "once_at"),
    *("is_enabled", "misfire", "jitter_seconds"),
)
_RUN: Final = ("next_run_at", "last_run_at", "run_count")
_CHANGED: Final = (*_PLAN, "next_run_at", "updated_at", "version")
_WITH_ID: Final = ScheduleRow.id == bindparam("key")
_NEW: Final = insert(ScheduleRow).values({one.name: bindparam(one.name) for one in ScheduleRow.__table__.c})
_INSERT: Final = Sql(_NEW)
_INSTALL: Final = Sql(_NEW.on_conflict_do_nothing())
_ALL: Final = select(*ScheduleRow.__table__.c)
_SELECT: Final = Sql(_ALL.where(_WITH_ID).with_for_update())
_DUE: Final = Sql(
    _ALL.where(
        ScheduleRow.next_run_at <= bindparam("at"),
        ScheduleRow.job == any_(bindparam("jobs", type_=ARRAY(Text))),
        ScheduleRow.id != all_(bindparam("but", type_=ARRAY(Uuid))),
    )
    .order_by(ScheduleRow.next_run_at, ScheduleRow.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_UPDATE: Final = Sql(update(ScheduleRow).where(_WITH_ID).values({name: bindparam(name) for name in _CHANGED}))
_UPDATE_RUN: Final = Sql(update(ScheduleRow).where(_WITH_ID).values({name: bindparam(name) for name in _RUN}))
_DELETE: Final = Sql(delete(ScheduleRow).where(_WITH_ID))


class PostgresScheduleRepository(ScheduleRepository):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def add(self, schedule: Schedule) -> None:
        await self._write(_INSERT, schedule)

    async def install(self, schedule: Schedule) -> bool:
        return bool(await self._session.execute(_INSTALL, **_to_row(schedule)))

    async def get(self, schedule_id: ScheduleId) -> Schedule:
        record = await self._session.fetchrow(_SELECT, key=schedule_id)
        if record is None:
            raise ScheduleNotFoundError(f"there is no schedule {schedule_id}")
        return to_schedule(record)

    async def find_due(
        self, jobs: Collection[str], *, at: datetime, but: Collection[ScheduleId] = ()
    ) -> Schedule | None:
        record = await self._session.fetchrow(_DUE, at=at, jobs=list(jobs), but=list(but))
        if record is None:
            return None
        try:
            return to_schedule(record)
        except (InvalidError, ValueError) as error:
            raise UnreadableScheduleError(ScheduleId(record["id"])) from error

    async def save(self, schedule: Schedule) -> None:
        await self._write(_UPDATE, schedule)

    async def save_run(self, schedule: Schedule) -> None:
        values = {name: getattr(schedule, name) for name in _RUN}
        await self._session.execute(_UPDATE_RUN, key=schedule.id, **values)

    async def remove(self, schedule_id: ScheduleId) -> None:
        await self._session.execute(_DELETE, key=schedule_id)

    async def _write(self, sql: Sql, schedule: Schedule) -> None:
        try:
            await self._session.execute(sql, key=schedule.id, **_to_row(schedule))
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name == "uq_schedules_name":
                raise ScheduleNameTakenError(f"there is a schedule {schedule.plan.name!r} already") from error
            raise


def _to_row(schedule: Schedule) -> dict[str, Any]:
    plan = schedule.plan
    return {
        **{name: getattr(plan, name) for name in _PLAN},
        "arguments": msgspec.json.encode(plan.arguments).decode(),
        "scope": plan.scope.value,
        "misfire": plan.misfire.value,
        "id": schedule.id,
        "builtin": schedule.builtin,
        **{name: getattr(schedule, name) for name in _RUN},
        "created_at": schedule.created_at,
        "updated_at": schedule.updated_at,
        "created_by": schedule.created_by,
        "version": schedule.version,
    }


def to_schedule(record: asyncpg.Record | Mapping[str, Any]) -> Schedule:
    plan = {name: record[name] for name in _PLAN}
    plan |= {"arguments": msgspec.json.decode(record["arguments"])}
    plan |= {"scope": ScheduleScope(record["scope"]), "misfire": Misfire(record["misfire"])}
    return Schedule(
        id=ScheduleId(record["id"]),
        plan=SchedulePlan(**plan),
        builtin=record["builtin"],
        **{name: record[name] for name in _RUN},
        created_at=record["created_at"],
        updated_at=record["updated_at"],
        created_by=UserId(record["created_by"]) if record["created_by"] else None,
        version=record["version"],
    )
