from dataclasses import dataclass

from application.files.file_writing import FileWriting
from application.reports.ports import ReportWriters
from application.reports.report_contents import ReportContents, ReportSources
from application.reports.report_project import ReportProject
from application.reports.views import ReportFormat, ReportResult, ReportTerms
from application.shared.jobs import Progress
from application.shared.ports import Clock
from domain.files.upload import FileId
from domain.shared.kinds import PROJECTS, TASKS, ProjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeReport:
    """Write what the caller may view of the site's projects and tasks, or of one project, to a file of theirs.

    Safe to repeat: there is one file. Raise `StorageLimitError`, `UnknownProjectError`.
    """

    project: ReportProject
    sources: ReportSources
    writers: ReportWriters
    writing: FileWriting
    progress: Progress
    clock: Clock

    async def __call__(self, *, file_id: FileId, form: ReportFormat, project: ProjectId | None) -> ReportResult:
        now, writer = self.clock(), self.writers.of(form)
        contents = ReportContents(
            terms=self._terms(project),
            sources=self.sources,
            made_by=self.project.access.caller.label,
            made_at=now,
            project=await self.project.name(project),
            progress=self.progress,
        )
        name = f"report-{now:%Y-%m-%d}.{form.value}"
        chunks = writer.chunks(contents)
        await self.writing(file_id, name=name, content_type=writer.content_type, chunks=chunks)
        return ReportResult(file_id, f"/api/files/{file_id}/download/")

    def _terms(self, project: ProjectId | None) -> ReportTerms:
        access = self.project.access
        return ReportTerms(
            projects=access.viewer(PROJECTS),
            tasks=access.viewer(TASKS),
            project=project,
            today=self.clock().date(),
        )
