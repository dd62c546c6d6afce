from dataclasses import dataclass

from application.reports.make_report import MakeReport
from application.reports.report_project import ReportProject
from application.reports.views import ReportFormat
from application.shared.jobs import Jobs
from application.shared.ports import NewId, UnitOfWork
from domain.files.upload import FileId
from domain.jobs.job import JobId
from domain.shared.kinds import ProjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReport:
    """Have a report made of the projects and tasks that the caller may view, or of one project alone.

    It becomes a file of the caller's, whose id is known from the start. Raise `UnknownProjectError`.
    """

    project: ReportProject
    jobs: Jobs
    work: UnitOfWork
    new_id: NewId

    async def __call__(self, *, form: ReportFormat, project: ProjectId | None) -> JobId:
        self.project.access.caller.require_user()
        await self.project.name(project)
        async with self.work:
            file_id = FileId(self.new_id())
            return await self.jobs.add(MakeReport, file_id=file_id, form=form, project=project)
