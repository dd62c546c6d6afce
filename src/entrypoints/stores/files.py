from typing import Final

from dishka import WithParents, provide, provide_all

from adapters.memory.files import MemoryFileReader, MemoryFileRepository, MemoryUploadRepository
from adapters.memory.storage import MemoryFleetStorage, MemoryStorageLedger
from adapters.postgres.files.reader import PostgresFileReader
from adapters.postgres.files.repository import PostgresFileRepository, PostgresUploadRepository
from adapters.postgres.files.storage import PostgresFleetStorage, PostgresStorageLedger
from application.files.ports import FileReader, FileRepository, UploadRepository

POSTGRES: Final = provide_all(
    WithParents[PostgresFileRepository],
    WithParents[PostgresUploadRepository],
    WithParents[PostgresFileReader],
    WithParents[PostgresStorageLedger],
    WithParents[PostgresFleetStorage],
)

MEMORY: Final = (
    provide(MemoryFileRepository, provides=FileRepository)
    + provide(MemoryUploadRepository, provides=UploadRepository)
    + provide(MemoryFileReader, provides=FileReader)
    + provide_all(WithParents[MemoryStorageLedger], WithParents[MemoryFleetStorage])
)
