from typing import Annotated
from uuid import UUID

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_202_ACCEPTED
from msgspec import Meta, Struct

from application.jobs.views import JobView
from application.reports.request_report import RequestReport
from application.reports.views import ReportFormat
from domain.shared.kinds import ProjectId
from entrypoints.http.answers import JOB_LOCATION, answers
from entrypoints.http.guards import site_user
from entrypoints.http.job_answers import JobAnswer
from entrypoints.http.json_response import JsonResponse
from entrypoints.http.wire import StrictJson

Form = Annotated[
    ReportFormat, Meta(description="`csv`: a line for each task; `html`: numbers and charts, in one page.")
]


class RequestReportRequest(Struct, forbid_unknown_fields=True):
    """What the report is of: one project, or all."""

    format: Form
    project: UUID | None = None


class ReportController(Controller):
    path = "/api/reports"
    tags = ("Reports and imports",)
    before_request = staticmethod(site_user)
    security = ({"BearerToken": []},)

    @post(
        dto=StrictJson[RequestReportRequest],
        return_dto=None,
        status_code=HTTP_202_ACCEPTED,
        response_headers=[JOB_LOCATION],
        responses=answers(permitted=False, body=True),
    )
    @inject
    async def request_report(
        self,
        data: JSONBody[RequestReportRequest],
        request_report: FromDishka[RequestReport],
        job: FromDishka[JobAnswer],
    ) -> JsonResponse[JobView]:
        """Have a report made of the projects and tasks that the caller may view, or of one project.

        The job's `result` is `{"file", "download"}`: a new file of the caller's, and where to download it.
        """
        project = ProjectId(data.project) if data.project else None
        return await job(await request_report(form=data.format, project=project))
