"""Wiring of reports and imports, and of what they have in common with opening tasks one by one."""

from dishka import Provider, provide, provide_all
from dishka import Scope as Lifetime

from adapters.reports.csv_report import CsvReport
from adapters.reports.html_report import HtmlReport
from adapters.reports.writers import ChosenWriters
from application.files.file_writing import FileWriting, WrittenFiles
from application.identity.ports import UserRepository
from application.imports.batches import ImportBatches
from application.imports.import_tasks import ImportTasks
from application.imports.lines import ImportLines
from application.imports.request_import import RequestImport
from application.imports.source import ImportSource
from application.reports.make_report import MakeReport
from application.reports.ports import ReportWriters
from application.reports.report_contents import ReportSources
from application.reports.report_project import ReportProject
from application.reports.request_report import RequestReport
from application.reports.views import ReportFormat
from application.tasks.task_opening import TaskOpening
from domain.tenancy.scope import Scope
from entrypoints.addresses import site_host_of
from entrypoints.settings import Settings


class Reporting(Provider):
    scope = Lifetime.REQUEST
    opening = provide(TaskOpening)
    files = provide_all(WrittenFiles, FileWriting)
    reports = provide_all(ReportProject, ReportSources, RequestReport, MakeReport)
    imports = provide_all(ImportSource, ImportBatches, RequestImport, ImportTasks)

    @provide
    def lines(self, opening: TaskOpening, users: UserRepository) -> ImportLines:
        return ImportLines(opening=opening, users=users)

    @provide
    def writers(self, settings: Settings, scope: Scope) -> ReportWriters:
        html = HtmlReport(site_host_of(settings, scope))
        return ChosenWriters({ReportFormat.CSV: CsvReport(), ReportFormat.HTML: html})
