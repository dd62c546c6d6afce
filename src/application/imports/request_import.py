from dataclasses import dataclass

from application.imports.import_tasks import ImportTasks
from application.imports.source import ImportSource
from application.imports.views import ImportTerms
from application.shared.jobs import Jobs
from application.shared.ports import NewId, UnitOfWork
from application.tasks.task_authority import TaskAuthority
from domain.files.upload import FileId
from domain.jobs.job import JobId
from domain.shared.kinds import ProjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestImport:
    """Have the tasks imported that a CSV file has a line each for, into a project or where the lines say.

    It takes to view the file, and what it takes to open a task in the project; what lines name, each line takes.
    """

    source: ImportSource
    authority: TaskAuthority
    jobs: Jobs
    work: UnitOfWork
    new_id: NewId

    async def __call__(self, *, file: FileId, project: ProjectId | None, dry_run: bool, delimiter: str | None) -> JobId:
        """Raise `UnknownFileError`, `UnknownProjectError`, `NotPermittedError`."""
        self.authority.caller.require_user()
        found = await self.source.require(file)
        async with self.work:
            if project is not None:
                await self.authority.require_place(project)
            terms = ImportTerms(
                file=file,
                upload_id=found.upload_id,
                errors_file=FileId(self.new_id()),
                project=project,
                delimiter=delimiter,
                dry_run=dry_run,
            )
            return await self.jobs.add(ImportTasks, terms=terms)
