from typing import Annotated, Literal
from uuid import UUID

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_202_ACCEPTED
from msgspec import Meta, Struct

from application.imports.request_import import RequestImport
from application.jobs.views import JobView
from domain.files.upload import FileId
from domain.shared.kinds import ProjectId
from entrypoints.http.answers import JOB_LOCATION, answers
from entrypoints.http.guards import site_user
from entrypoints.http.job_answers import JobAnswer
from entrypoints.http.json_response import JsonResponse
from entrypoints.http.wire import StrictJson

SourceFile = Annotated[UUID, Meta(description="A stored CSV file: UTF-8, its first line names the columns.")]
Usual = Annotated[UUID, Meta(description="For lines that name no project.")]
DryRun = Annotated[bool, Meta(description="Write nothing, and tell what would be wrong.")]
Delimiter = Annotated[Literal[",", ";", "\t", "|"], Meta(description="Left out, the first line decides.")]


class RequestImportRequest(Struct, forbid_unknown_fields=True):
    """Columns are `title`, `description`, `status`, `priority`, `assignee` (username or email), `due_date` and
    `project` (an id).
    """

    file: SourceFile
    project: Usual | None = None
    dry_run: DryRun = False
    delimiter: Delimiter | None = None


class ImportController(Controller):
    path = "/api/imports"
    tags = ("Reports and imports",)
    before_request = staticmethod(site_user)
    security = ({"BearerToken": []},)

    @post(
        dto=StrictJson[RequestImportRequest],
        return_dto=None,
        status_code=HTTP_202_ACCEPTED,
        response_headers=[JOB_LOCATION],
        responses=answers(body=True),
    )
    @inject
    async def request_import(
        self,
        data: JSONBody[RequestImportRequest],
        request_import: FromDishka[RequestImport],
        job: FromDishka[JobAnswer],
    ) -> JsonResponse[JobView]:
        """Have a task opened for each line of a CSV file, as if the caller opened them one by one.

        The job's `result` is `{"dry_run", "lines", "created", "failed", "errors", "errors_file", "download"}`: the
        first errors, each with `line`, `field` and `message`, and all of them in a new file of the caller's.
        """
        project = ProjectId(data.project) if data.project else None
        asked = await request_import(
            file=FileId(data.file), project=project, dry_run=data.dry_run, delimiter=data.delimiter
        )
        return await job(asked)
