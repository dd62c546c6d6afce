from typing import Final

from dishka import WithParents, provide_all

from adapters.memory.projects import MemoryProjectReader, MemoryProjectRepository
from adapters.postgres.projects.reader import PostgresProjectReader
from adapters.postgres.projects.repository import PostgresProjectRepository

POSTGRES: Final = provide_all(
    WithParents[PostgresProjectRepository],
    WithParents[PostgresProjectReader],
)

MEMORY: Final = provide_all(
    WithParents[MemoryProjectRepository],
    WithParents[MemoryProjectReader],
)
