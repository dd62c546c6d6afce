"""Schemas of this process as backups need them: a dump is what pickle makes of its tables."""

import hashlib
import pickle
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, fields, is_dataclass
from datetime import datetime
from typing import Any, Final

from adapters.memory.database import MemoryDatabase, MemorySchema
from adapters.memory.storage import MemoryStorageLedger
from application.backups.schema_ports import (
    SchemaBuilding,
    SchemaChangedError,
    SchemaDump,
    SchemaSnapshots,
    Snapshot,
)
from application.shared.ports import Clock
from domain.backups.backup import BackupDamagedError, BackupRevisionError
from domain.backups.manifest import KeptFile, Manifest, TableSum
from domain.files.file import FileStatus
from domain.tenancy.schema import SchemaName
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import Site

_REVISION: Final = "memory"


class MemorySnapshot(Snapshot):
    def __init__(self, schema: MemorySchema) -> None:
        stored = pickle.dumps(_tables(schema))
        self.id, self.server, self.revision = stored.hex(), "18", _REVISION
        self._schema = MemorySchema(**pickle.loads(stored))  # noqa: S301  written by this process

    async def tables(self) -> Mapping[str, TableSum]:
        return _sums(self._schema)

    async def files(self, *, in_quarantine: bool = True) -> Sequence[KeptFile]:
        there = self._schema.files.values()
        files = [one for one in there if in_quarantine or one.status is not FileStatus.QUARANTINED]
        return [KeptFile(upload_id=one.upload_id, size=one.terms.size, sha256=one.terms.sha256.hex()) for one in files]

    async def rows(self, table: str, *, without: Collection[str]) -> AsyncIterator[Mapping[str, Any]]:
        found = getattr(self._schema, table)
        for row in found.values() if isinstance(found, dict) else found or ():
            plain = asdict(row) if is_dataclass(row) and not isinstance(row, type) else {"value": row}
            yield {name: str(value) for name, value in plain.items() if name not in without}


class MemorySchemaSnapshots(SchemaSnapshots):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    @asynccontextmanager
    async def open(self, schema: SchemaName) -> AsyncIterator[Snapshot]:
        yield MemorySnapshot(self._database.schemas[schema.name])


class MemorySchemaDump(SchemaDump):
    async def version(self, server: str) -> str:
        return server

    async def write(self, schema: SchemaName, snapshot: Snapshot) -> AsyncGenerator[bytes, None]:  # noqa: ARG002  the snapshot is of one schema
        yield bytes.fromhex(snapshot.id)

    async def data(self, dump: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
        async for chunk in dump:
            yield chunk


class MemorySchemaBuilding(SchemaBuilding):
    def __init__(self, database: MemoryDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def require_known(self, revision: str) -> None:
        if revision != _REVISION:
            raise BackupRevisionError(f"the backup is at revision {revision}, which this release does not know")

    async def count(self, script: AsyncIterator[bytes]) -> Mapping[str, int]:
        return {name: table.rows for name, table in _sums(await _read(script)).items()}

    async def build(
        self, schema: SchemaName, script: AsyncIterator[bytes], manifest: Manifest, *, without: Collection[str]
    ) -> None:
        built = await _read(script)
        if _sums(built) != manifest.tables:
            raise BackupDamagedError("what came back is not what the manifest tells")
        empty = MemorySchema()
        for name in without:
            setattr(built, name, getattr(empty, name))
        self._database.schemas[schema.name] = built
        self._database.built[schema.name] = self._clock()

    async def require_unchanged(self, schema: SchemaName, tables: Mapping[str, TableSum]) -> None:
        if _sums(self._database.schemas[schema.name]) != tables:
            raise SchemaChangedError(schema.name)

    async def adopt(self, schema: SchemaName, site: Site, *, is_new: bool) -> None:
        self._database.schemas[site.schema.name] = self._database.schemas.pop(schema.name)
        self._database.built.pop(schema.name)
        ledger = MemoryStorageLedger(self._database, SiteScope(site.id, site.slug.value, site.schema))
        surplus = await ledger.recount()
        if is_new:
            await ledger.take(surplus)
            await ledger.take(-surplus)

    async def discard_built_before(self, moment: datetime) -> int:
        left = [name for name, at in self._database.built.items() if at < moment]
        for name in left:
            await self.discard(SchemaName(name))
        return len(left)

    async def discard(self, schema: SchemaName) -> None:
        self._database.schemas.pop(schema.name, None)
        self._database.built.pop(schema.name, None)


async def _read(script: AsyncIterator[bytes]) -> MemorySchema:
    stored = b"".join([chunk async for chunk in script])
    try:
        return MemorySchema(**pickle.loads(stored))  # noqa: S301  written by this process
    except (pickle.UnpicklingError, EOFError, TypeError) as error:
        raise BackupDamagedError("this is no dump") from error


def _tables(schema: MemorySchema) -> dict[str, Any]:
    return {table.name: getattr(schema, table.name) for table in fields(schema)}


def _sums(schema: MemorySchema) -> dict[str, TableSum]:
    tables = {name: table for name, table in _tables(schema).items() if isinstance(table, dict | list)}
    return {
        name: TableSum(rows=len(table), checksum=hashlib.sha256(repr(table).encode()).hexdigest())
        for name, table in tables.items()
    }
