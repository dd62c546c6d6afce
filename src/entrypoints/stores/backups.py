import os
from pathlib import Path
from typing import Final

from dishka import WithParents, provide_all

from adapters.embedded.errors import EmbeddedError
from adapters.embedded.programs import programs_folder
from adapters.memory.backup_schemas import MemorySchemaBuilding, MemorySchemaDump, MemorySchemaSnapshots
from adapters.memory.backups import MemoryBackupReader, MemoryBackupRepository, MemorySitesToBackUp
from adapters.postgres.backups.reader import PostgresBackupReader
from adapters.postgres.backups.repository import PostgresBackupRepository, PostgresSitesToBackUp
from adapters.postgres.backups.schemas import PostgresSchemaBuilding
from adapters.postgres.backups.snapshots import PostgresSchemaSnapshots
from entrypoints.settings import Settings

POSTGRES: Final = provide_all(
    WithParents[PostgresBackupRepository],
    WithParents[PostgresBackupReader],
    WithParents[PostgresSitesToBackUp],
    WithParents[PostgresSchemaSnapshots],
    WithParents[PostgresSchemaBuilding],
)

MEMORY: Final = provide_all(
    WithParents[MemoryBackupRepository],
    WithParents[MemoryBackupReader],
    WithParents[MemorySitesToBackUp],
    WithParents[MemorySchemaSnapshots],
    WithParents[MemorySchemaBuilding],
    WithParents[MemorySchemaDump],
)


def direct_url(settings: Settings) -> str:
    return settings.database_direct_url or settings.database_url


def tool_folders(settings: Settings) -> list[Path]:
    """Where PostgreSQL's programs may be: where the settings say, and nowhere else then."""
    if settings.pg_tools:
        return [Path(settings.pg_tools)]
    folders = [Path(folder) for folder in os.get_exec_path()]
    try:
        return [programs_folder(), *folders]
    except EmbeddedError:
        return folders
