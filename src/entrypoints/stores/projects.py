from typing import Final

from dishka import WithParents, provide, provide_all

from adapters.memory.projects import MemoryProjectReader, MemoryProjectRepository
from adapters.postgres.projects.reader import PostgresProjectReader
from adapters.postgres.projects.repository import PostgresProjectRepository
from application.projects.ports import ProjectReader, ProjectRepository

POSTGRES: Final = provide_all(
    WithParents[PostgresProjectRepository],
    WithParents[PostgresProjectReader],
)

MEMORY: Final = provide(MemoryProjectRepository, provides=ProjectRepository) + provide(
    MemoryProjectReader, provides=ProjectReader
)
