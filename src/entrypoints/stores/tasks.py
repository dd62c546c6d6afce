from typing import Final

from dishka import WithParents, provide, provide_all

from adapters.memory.dashboard import MemoryDashboardReader
from adapters.memory.projects import MemoryProjectTasks
from adapters.memory.reports import MemoryReportReader
from adapters.memory.tasks import MemoryAssignments, MemoryTaskReader, MemoryTaskRepository
from adapters.postgres.reports.reader import PostgresReportReader
from adapters.postgres.tasks.dashboard import PostgresDashboardReader
from adapters.postgres.tasks.reader import PostgresTaskReader
from adapters.postgres.tasks.repository import PostgresTaskRepository
from adapters.postgres.tasks.ties import PostgresAssignments, PostgresProjectTasks
from application.identity.ports import Assignments
from application.projects.ports import ProjectTasks
from application.reports.reader import ReportReader
from application.tasks.dashboard_ports import DashboardReader
from application.tasks.ports import TaskReader, TaskRepository

POSTGRES: Final = provide_all(
    WithParents[PostgresTaskRepository],
    WithParents[PostgresTaskReader],
    WithParents[PostgresDashboardReader],
    WithParents[PostgresReportReader],
    WithParents[PostgresProjectTasks],
    WithParents[PostgresAssignments],
)

MEMORY: Final = (
    provide(MemoryTaskRepository, provides=TaskRepository)
    + provide(MemoryTaskReader, provides=TaskReader)
    + provide(MemoryDashboardReader, provides=DashboardReader)
    + provide(MemoryReportReader, provides=ReportReader)
    + provide(MemoryProjectTasks, provides=ProjectTasks)
    + provide(MemoryAssignments, provides=Assignments)
)
