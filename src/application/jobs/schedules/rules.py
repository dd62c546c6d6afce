from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from application.jobs.kinds import JobKinds, JobPlace, UnknownJobError
from application.jobs.schedules.ports import ArgumentCheck, CronTimes
from application.tenancy.domains.ports import SitesInSight
from domain.jobs.schedule import SchedulePlan, ScheduleScope
from domain.shared.checks import Checks

_UNKNOWN: Final = UUID(int=0)
_PLACES: Final = {
    ScheduleScope.PLATFORM: JobPlace.PLATFORM,
    ScheduleScope.ALL_SITES: JobPlace.SITES,
    ScheduleScope.SITE: JobPlace.SITES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRules:
    """What a plan must keep to besides the rules of its own: there are such jobs, sites, time zones."""

    kinds: JobKinds
    cron: CronTimes
    arguments: ArgumentCheck
    sites: SitesInSight

    async def checked(
        self, plan: SchedulePlan, site: str | None = None, *, at: datetime, before: SchedulePlan | None = None
    ) -> SchedulePlan:
        """The same, in the site of this slug, where one is given. Raise `InvalidError` with all that is wrong.

        A one-off time that it had `before` may be over.
        """
        checks = Checks()
        if site is not None:
            found = await self.sites.find(site, None)
            checks.require("site", f"there is no site {site!r}", holds=found is not None)
            plan = replace(plan, site_id=found.site_id if found else _UNKNOWN)
        plan.check(checks)
        self._check_job(checks, plan)
        self._check_times(checks, plan)
        is_old = before is not None and plan.once_at == before.once_at
        checks.require("once_at", "is over", holds=plan.once_at is None or plan.once_at > at or is_old)
        checks.done()
        return plan

    def _check_job(self, checks: Checks, plan: SchedulePlan) -> None:
        try:
            kind = self.kinds.named(plan.job)
        except UnknownJobError:
            kind = None
        if kind is None or not kind.schedulable:
            some = ", ".join(self.kinds.schedulable)
            checks.require("job", f"is not one that can be scheduled: {some}", holds=False)
            return
        place = _PLACES[plan.scope]
        checks.require("scope", f"{kind.name} does not run there", holds=kind.place in (place, JobPlace.ANYWHERE))
        for problem in self.arguments(kind, plan.arguments):
            checks.require("arguments", problem, holds=False)

    def _check_times(self, checks: Checks, plan: SchedulePlan) -> None:
        checks.require("time_zone", "is no time zone, like Europe/Berlin", holds=self.cron.knows(plan.time_zone))
        if plan.cron is not None:
            problem = self.cron.problem(plan.cron)
            checks.require("cron", problem or "", holds=problem is None)
