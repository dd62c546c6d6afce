from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from adapters.memory.database import MemoryDatabase, MissingSchemaError
from adapters.memory.scoped import OfSite
from application.tenancy.usage_ports import RequestCounts, UsageLedger
from application.tenancy.views import SiteDayView
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import SiteId


class MemoryUsageLedger(OfSite, UsageLedger):
    async def measure(self, day: date) -> None:
        """Memory takes no bytes in any database."""
        tables, site_id = self._tables, self._site_id
        rows = len(tables.users) + len(tables.projects) + len(tables.tasks) + len(tables.groups)
        file_bytes = self._database.site_storage.get(site_id, 0)
        self._put(day, rows=rows, bytes=0, files=len(tables.files), file_bytes=file_bytes)

    async def count_jobs(self, day: date) -> None:
        ours = (one.job for one in self._database.jobs.values() if one.site_id == self._site_id)
        self._put(day, jobs=sum(job.created_at.date() == day for job in ours))

    def _put(self, day: date, **values: Any) -> None:
        days = self._database.site_days
        days[self._site_id, day] = replace(days.get((self._site_id, day)) or empty_day(day), **values)

    @property
    def _site_id(self) -> SiteId:
        if isinstance(self._scope, SiteScope):
            return self._scope.site_id
        raise MissingSchemaError("the platform takes nothing")


class MemoryRequestCounts(RequestCounts):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def add(self, counts: Mapping[tuple[SiteId, date], int]) -> None:
        for key, number in counts.items():
            day = self._database.site_days.get(key) or empty_day(key[1])
            self._database.site_days[key] = replace(day, requests=day.requests + number)


def empty_day(day: date) -> SiteDayView:
    return SiteDayView(day=day, requests=0, jobs=None, rows=None, bytes=None, files=None, file_bytes=None)


def days_of(database: MemoryDatabase, site_id: SiteId, most: int) -> list[SiteDayView]:
    """The last ones, newest first."""
    days = [day for (whose, _), day in database.site_days.items() if whose == site_id]
    return sorted(days, key=lambda one: one.day, reverse=True)[:most]
