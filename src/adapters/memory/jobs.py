from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from adapters.memory.database import MemoryDatabase
from adapters.memory.stored_job import StoredJob
from application.jobs.ports import JobLeases, JobRepository, RunningJob
from application.shared.jobs import LeaseLostError, Once
from domain.jobs.job import ENDED, WAITING, Job, JobExistsError, JobId, JobNotFoundError, JobStatus, LeaseId, Progress
from domain.tenancy.scope import PlatformScope, Scope, SiteScope
from domain.tenancy.site import SiteId, SiteStatus


class MemoryJobRepository(JobRepository):
    def __init__(self, database: MemoryDatabase, scope: Scope) -> None:
        self._database = database
        self._site_id = scope.site_id if isinstance(scope, SiteScope) else None

    async def add(self, job: Job) -> bool:
        if self._another(job):
            return False
        self._database.jobs[job.id] = StoredJob(job, self._site_id)
        return True

    async def get(self, job_id: JobId) -> Job:
        stored = self._database.jobs.get(job_id)
        if stored is None or self._site_id not in (None, stored.site_id):
            raise JobNotFoundError(f"there is no job {job_id}")
        return stored.job

    async def save(self, job: Job) -> None:
        await self.get(job.id)
        if job.status not in ENDED and self._another(job):
            raise JobExistsError(f"another {job.name} has not ended")
        stored = self._database.jobs[job.id]
        self._database.jobs[job.id] = replace(stored, job=job, lease=None, lease_until=None, deliveries=0)

    def _another(self, job: Job) -> bool:
        """Whether another that has not ended has its `unique`."""
        ours = [one.job for one in self._database.jobs.values() if one.site_id == self._site_id]
        others = [one for one in ours if one.id != job.id]
        return bool(job.unique) and any(one.unique == job.unique and one.status not in ENDED for one in others)


class MemoryJobLeases(JobLeases):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def claim(
        self,
        job_id: JobId,
        lease: LeaseId,
        *,
        worker: str,  # noqa: ARG002  it is for people to read, and memory has none
        at: datetime,
        until: datetime,
    ) -> RunningJob | None:
        stored = self._database.jobs.get(job_id)
        if stored is None or (scope := open_scope(self._database, stored.site_id)) is None:
            return None
        if stored.lease == lease and _runs(stored):
            return RunningJob(job=stored.job, lease=lease, scope=scope)
        if stored.job.status not in WAITING or stored.job.run_at > at:
            return None
        started = stored.job.start(at=at)
        self._database.jobs[job_id] = replace(stored, job=started, lease=lease, lease_until=until)
        return RunningJob(job=started, lease=lease, scope=scope)

    async def extend(self, leases: Collection[LeaseId], *, until: datetime) -> frozenset[LeaseId]:
        ours = [one for one in self._database.jobs.values() if one.lease in leases and _runs(one)]
        for one in ours:
            self._database.jobs[one.job.id] = replace(one, lease_until=until)
        return frozenset(one.lease for one in ours if one.lease)

    async def report(self, progress: Mapping[LeaseId, Progress]) -> frozenset[LeaseId]:
        ours = {
            one.lease: one for one in self._database.jobs.values() if one.lease and one.lease in progress and _runs(one)
        }
        for lease, one in ours.items():
            told = one.job.with_progress(progress[lease])
            self._database.jobs[one.job.id] = replace(one, job=told)
        return frozenset(ours)

    async def finish(self, job: Job, lease: LeaseId) -> bool:
        stored = self._database.jobs.get(job.id)
        if stored is None or stored.lease != lease or not _runs(stored):
            return False
        self._database.jobs[job.id] = replace(stored, job=job, lease=None, lease_until=None, deliveries=0)
        return True


class MemoryOnce(Once):
    def __init__(self, database: MemoryDatabase, running: RunningJob) -> None:
        self._database = database
        self._running = running

    async def __call__(self, step: str) -> bool:
        stored = self._database.jobs.get(self._running.job.id)
        if stored is None or stored.lease != self._running.lease or not _runs(stored):
            raise LeaseLostError(f"the job {self._running.job.id} is not ours any more")
        self._database.jobs[stored.job.id] = replace(stored, steps=stored.steps | {step})
        return step not in stored.steps


def _runs(stored: StoredJob) -> bool:
    return stored.job.status is JobStatus.RUNNING


def open_scope(database: MemoryDatabase, site_id: SiteId | None) -> Scope | None:
    """Where the jobs of a site run; None where it is not open."""
    if site_id is None:
        return PlatformScope()
    site = database.sites[site_id]
    owner = database.organizations.get(site.organization_id)
    if site.status is not SiteStatus.ACTIVE or owner is None or not owner.is_active:
        return None
    return SiteScope(site.id, site.slug.value, site.schema)
