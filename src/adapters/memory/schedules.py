from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter

from adapters.memory.database import MemoryDatabase
from adapters.memory.paging import page_of
from adapters.memory.stored_job import StoredJob
from application.jobs.schedules.ports import JobTarget, ScheduledJobs, ScheduleReader, ScheduleRepository
from application.jobs.schedules.views import ScheduleQuery, ScheduleView
from application.shared.page import Page
from domain.jobs.job import ENDED, Job, JobId
from domain.jobs.schedule import Schedule, ScheduleId, ScheduleNameTakenError, ScheduleNotFoundError
from domain.tenancy.site import Site, SiteId, SiteStatus


class MemoryScheduleRepository(ScheduleRepository):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def add(self, schedule: Schedule) -> None:
        await self.save(schedule)

    async def install(self, schedule: Schedule) -> bool:
        others = self._database.schedules.values()
        if any(one.builtin == schedule.builtin or one.plan.name == schedule.plan.name for one in others):
            return False
        self._database.schedules[schedule.id] = schedule
        return True

    async def get(self, schedule_id: ScheduleId) -> Schedule:
        if (schedule := self._database.schedules.get(schedule_id)) is None:
            raise ScheduleNotFoundError(f"there is no schedule {schedule_id}")
        return schedule

    async def find_due(
        self, jobs: Collection[str], *, at: datetime, but: Collection[ScheduleId] = ()
    ) -> Schedule | None:
        schedules = self._database.schedules.values()
        known = (one for one in schedules if one.plan.job in jobs and one.id not in but)
        due = [(one.next_run_at, one.id, one) for one in known if one.next_run_at and one.next_run_at <= at]
        return min(due)[2] if due else None

    async def save(self, schedule: Schedule) -> None:
        others = (one for one in self._database.schedules.values() if one.id != schedule.id)
        if any(one.plan.name == schedule.plan.name for one in others):
            raise ScheduleNameTakenError(f"there is a schedule {schedule.plan.name!r} already")
        self._database.schedules[schedule.id] = schedule

    async def save_run(self, schedule: Schedule) -> None:
        self._database.schedules[schedule.id] = schedule

    async def remove(self, schedule_id: ScheduleId) -> None:
        self._database.schedules.pop(schedule_id, None)


class MemoryScheduleReader(ScheduleReader):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def page(self, query: ScheduleQuery) -> Page[ScheduleView]:
        found = [one for one in map(self._view, self._database.schedules.values()) if _matches(one, query)]
        key = query.ordering.value.removeprefix("-")
        found.sort(key=attrgetter(key, "id"), reverse=query.ordering.value.startswith("-"))
        return page_of(found, query.page)

    async def get(self, schedule_id: ScheduleId) -> ScheduleView:
        return self._view(await MemoryScheduleRepository(self._database).get(schedule_id))

    async def find(self, name: str) -> ScheduleView | None:
        return next((self._view(one) for one in self._database.schedules.values() if one.plan.name == name), None)

    def _view(self, schedule: Schedule) -> ScheduleView:
        site = self._database.sites[SiteId(schedule.plan.site_id)] if schedule.plan.site_id else None
        return ScheduleView.of(schedule, site.slug.value if site else None)


class MemoryScheduledJobs(ScheduledJobs):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def open_sites(self, site_id: SiteId | None = None) -> Sequence[SiteId]:
        sites = (site for site in self._database.sites.values() if site_id in (None, site.id))
        return sorted(site.id for site in sites if self._is_open(site))

    async def add(self, job: Job, targets: Sequence[JobTarget]) -> Sequence[JobId]:
        living = {one.job.unique for one in self._database.jobs.values() if one.job.status not in ENDED}
        added = [target for target in targets if target.unique not in living]
        for one in added:
            like = replace(job, id=one.job_id, run_at=one.run_at, unique=one.unique)
            self._database.jobs[one.job_id] = StoredJob(like, one.site_id)
        return [one.job_id for one in added]

    def _is_open(self, site: Site) -> bool:
        owner = self._database.organizations.get(site.organization_id)
        return site.status is SiteStatus.ACTIVE and owner is not None and owner.is_active


def _matches(one: ScheduleView, query: ScheduleQuery) -> bool:
    texts = (one.name.casefold(), one.job.casefold())
    return (
        (query.search is None or any(query.search.casefold() in text for text in texts))
        and query.job in (None, one.job)
        and query.scope in (None, one.scope)
        and query.site in (None, one.site)
        and query.is_enabled in (None, one.is_enabled)
        and (query.created.start is None or query.created.start <= one.created_at)
        and (query.created.end is None or one.created_at <= query.created.end)
    )
