from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from uuid import UUID

from application.audit.ports import HistoryReader, TrackedResource
from application.jobs.schedules.change_schedule import ChangeSchedule
from application.jobs.schedules.ports import ScheduleReader
from domain.audit.entry import typed
from domain.jobs.audited import SCHEDULE_HISTORY
from domain.jobs.schedule import Misfire, ScheduleChanges, ScheduleId, ScheduleNotFoundError
from domain.shared.audited import Audited
from domain.shared.caller import Caller, Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleHistory(TrackedResource):
    """For admins of the platform, of deleted ones too."""

    caller: Caller
    reader: ScheduleReader
    history: HistoryReader
    change_schedule: ChangeSchedule
    kind: ClassVar[Audited] = SCHEDULE_HISTORY

    async def locate(self, key: Mapping[str, Any]) -> UUID:
        self.caller.require(Permission.SITES_MANAGE)
        schedule_id = ScheduleId(key["schedule_id"])
        try:
            await self.reader.get(schedule_id)
        except ScheduleNotFoundError:
            if not await self.history.knows(self.kind, schedule_id):
                raise
        return schedule_id

    async def change(self, key: Mapping[str, Any], values: Mapping[str, Any], seen: frozenset[int] | None) -> int:
        changes = ScheduleChanges(**typed(values, _TYPES))
        schedule_id = ScheduleId(key["schedule_id"])
        return (await self.change_schedule(schedule_id=schedule_id, changes=changes, seen=seen)).version


_TYPES: Final[dict[str, Callable[[str], object]]] = {"misfire": Misfire}
