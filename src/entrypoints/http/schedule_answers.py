from dataclasses import dataclass
from typing import Self

from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_202_ACCEPTED
from msgspec import Struct

from application.jobs.read_jobs import ShowJob
from application.jobs.schedules.read_schedules import ShowSchedule
from application.jobs.schedules.views import ScheduleStart, ScheduleView
from application.jobs.views import JobView
from domain.jobs.job import JobId
from domain.jobs.schedule import Schedule
from entrypoints.http.etags import etag
from entrypoints.http.json_response import JsonResponse


class ScheduleStartResponse(Struct):
    """How many jobs were added; and the job, unless the schedule is one of all sites."""

    count: int
    job: JobView | None

    @classmethod
    def of(cls, start: ScheduleStart, job: JobView | None) -> Self:
        return cls(start.count, job)


@dataclass(frozen=True, slots=True)
class ScheduleAnswer:
    """The answer to a change of a schedule, and to having it run."""

    show_schedule: ShowSchedule
    show_job: ShowJob

    async def __call__(self, schedule: Schedule, *, created: bool = False) -> JsonResponse[ScheduleView]:
        shown = await self.show_schedule(schedule_id=schedule.id)
        headers = etag(shown.version)
        if created:
            headers["Location"] = f"/api/schedules/{schedule.id}/"
        return JsonResponse(shown, status_code=HTTP_201_CREATED if created else HTTP_200_OK, headers=headers)

    async def started(self, start: ScheduleStart) -> JsonResponse[ScheduleStartResponse]:
        job = await self.show_job(job_id=JobId(start.job_id)) if start.job_id else None
        headers = {"Location": f"/api/jobs/{start.job_id}/" if job else "/api/jobs/"}
        return JsonResponse(ScheduleStartResponse.of(start, job), status_code=HTTP_202_ACCEPTED, headers=headers)
