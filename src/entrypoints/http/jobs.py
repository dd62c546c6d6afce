from typing import Any
from uuid import UUID

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, Request, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK

from application.jobs.cancel_job import CancelJob
from application.jobs.read_jobs import ListJobs, ShowJob
from application.jobs.retry_job import RetryJob
from application.jobs.views import JobView
from domain.jobs.job import JobId
from entrypoints.http.answers import answers
from entrypoints.http.guards import signed_in
from entrypoints.http.jobs_wire import JobListQuery
from entrypoints.http.json_response import JsonResponse
from entrypoints.http.lists import ListResponse, listed, listing
from entrypoints.http.wire import from_query


class JobController(Controller):
    path = "/api/jobs"
    tags = ("Jobs",)
    before_request = staticmethod(signed_in)
    security = ({"BearerToken": []},)

    @get(
        dependencies={"asked": Provide(from_query(JobListQuery), sync_to_thread=False)},
        operation_class=listing(JobListQuery),
        responses=answers(400, permitted=False),
    )
    @inject
    async def list_jobs(
        self,
        request: Request[Any, Any, Any],
        asked: NamedDependency[JobListQuery],
        list_jobs: FromDishka[ListJobs],
    ) -> ListResponse[JobView]:
        """The jobs that the caller asked for, newest first unless ordered otherwise.

        With `jobs.view` or `jobs.manage` all jobs of a site; on the platform, for its admins, those of all sites too.
        """
        return listed(await list_jobs(asked.as_query()), asked, request)

    @get("/{job_id:uuid}", responses=answers(permitted=False))
    @inject
    async def show_job(self, job_id: FromPath[UUID], show_job: FromDishka[ShowJob]) -> JobView:
        """One job: how far it is, what came of it or went wrong."""
        return await show_job(job_id=JobId(job_id))

    @post("/{job_id:uuid}/retry", status_code=HTTP_200_OK, responses=answers(409, 422))
    @inject
    async def retry_job(
        self, job_id: FromPath[UUID], retry_job: FromDishka[RetryJob], show_job: FromDishka[ShowJob]
    ) -> JsonResponse[JobView]:
        """Have a job that failed, is dead or was cancelled run again, with all its attempts.

        With `jobs.manage`, and for who asked for it where it has only the rights that they have themselves when it
        runs: reports and imports. Refused (409 `job_exists`) while another waits of which there is one at a time.
        """
        await retry_job(job_id=JobId(job_id))
        return JsonResponse(await show_job(job_id=JobId(job_id)), status_code=HTTP_200_OK)

    @post("/{job_id:uuid}/cancel", status_code=HTTP_200_OK, responses=answers(422))
    @inject
    async def cancel_job(
        self, job_id: FromPath[UUID], cancel_job: FromDishka[CancelJob], show_job: FromDishka[ShowJob]
    ) -> JsonResponse[JobView]:
        """Have a job that has not ended run no more; one that runs stops within seconds. What it did stays done.

        For who asked for it, and with `jobs.manage`.
        """
        await cancel_job(job_id=JobId(job_id))
        return JsonResponse(await show_job(job_id=JobId(job_id)), status_code=HTTP_200_OK)
