from typing import Final

from dishka import WithParents, provide, provide_all

from adapters.memory.history import MemoryHistoryPruning, MemoryHistoryReader
from adapters.postgres.audit.pruning import PostgresHistoryPruning
from adapters.postgres.audit.reader import PostgresHistoryReader
from application.audit.ports import HistoryPruning, HistoryReader

POSTGRES: Final = provide_all(
    WithParents[PostgresHistoryReader],
    WithParents[PostgresHistoryPruning],
)

MEMORY: Final = provide(MemoryHistoryReader, provides=HistoryReader) + provide(
    MemoryHistoryPruning, provides=HistoryPruning
)
