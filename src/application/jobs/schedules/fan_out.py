from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from application.jobs.kinds import JobKinds
from application.jobs.schedules.ports import JobTarget, ScheduledJobs
from application.shared.ports import NewId
from domain.jobs.job import Asker, Job, JobId
from domain.jobs.schedule import Schedule, ScheduleScope
from domain.tenancy.site import SiteId


@dataclass(frozen=True, slots=True, kw_only=True)
class FanOut:
    """The jobs of one run of a schedule, in the transaction that is open: one on the platform, or one in each site.

    They are spread evenly over the jitter of the schedule, a site always at the same place. A site that is not open,
    and one whose job of an earlier run has not ended, is passed over.
    """

    kinds: JobKinds
    jobs: ScheduledJobs
    new_id: NewId

    async def __call__(self, schedule: Schedule, *, by: str, request_id: str, at: datetime) -> Sequence[JobId]:
        """The jobs that were added, in the name of `by`."""
        kind, plan = self.kinds.named(schedule.plan.job), schedule.plan
        targets = self._targets(schedule, await self._sites(schedule), at)
        if not targets:
            return []
        job = Job(
            id=targets[0].job_id,
            name=kind.name,
            queue=kind.queue,
            asker=Asker(label=by, request_id=request_id),
            arguments=plan.arguments,
            created_at=at,
            run_at=at,
        )
        return await self.jobs.add(job, targets)

    async def _sites(self, schedule: Schedule) -> Sequence[SiteId | None]:
        match schedule.plan.scope:
            case ScheduleScope.PLATFORM:
                return [None]
            case ScheduleScope.ALL_SITES:
                return await self.jobs.open_sites()
            case ScheduleScope.SITE:
                site_id = schedule.plan.site_id
                return await self.jobs.open_sites(SiteId(site_id)) if site_id else []

    def _targets(self, schedule: Schedule, sites: Sequence[SiteId | None], at: datetime) -> Sequence[JobTarget]:
        step = timedelta(seconds=schedule.plan.jitter_seconds) / max(len(sites), 1)
        return [
            JobTarget(JobId(self.new_id()), site_id, at + place * step, f"schedule:{schedule.id}:{site_id or ''}")
            for place, site_id in enumerate(sites)
        ]
