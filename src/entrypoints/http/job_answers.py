from dataclasses import dataclass

from litestar.status_codes import HTTP_202_ACCEPTED

from application.jobs.read_jobs import ShowJob
from application.jobs.views import JobView
from domain.jobs.job import JobId
from entrypoints.http.json_response import JsonResponse


@dataclass(frozen=True, slots=True)
class JobAnswer:
    """The answer of whatever has something done in the background: 202 with the job, and where it is to be followed."""

    show_job: ShowJob

    async def __call__(self, job_id: JobId) -> JsonResponse[JobView]:
        shown = await self.show_job(job_id=job_id)
        return JsonResponse(shown, status_code=HTTP_202_ACCEPTED, headers={"Location": f"/api/jobs/{job_id}/"})
