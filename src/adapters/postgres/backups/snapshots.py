from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg
import msgspec

from adapters.postgres.backups.direct import DirectDatabase
from adapters.postgres.backups.statements import COLUMNS, TABLES, files_of, revision_of, rows_of, sum_of
from application.backups.schema_ports import SchemaSnapshots, Snapshot
from domain.backups.manifest import KeptFile, TableSum
from domain.tenancy.schema import SchemaName

_SOME: Final = 500


class PostgresSnapshot(Snapshot):
    """In a transaction that sees one instant, which it lends to whoever knows its `id`."""

    def __init__(self, connection: Any, schema: SchemaName, *, snapshot: str, server: str, revision: str) -> None:
        self._connection, self._schema = connection, schema
        self.id, self.server, self.revision = snapshot, server, revision

    async def tables(self) -> Mapping[str, TableSum]:
        return await sums(self._connection, self._schema)

    async def files(self, *, in_quarantine: bool = True) -> Sequence[KeptFile]:
        """None, where the schema is older than they are."""
        try:
            async with self._connection.transaction():
                records = await self._connection.fetch(files_of(self._schema), in_quarantine)
        except asyncpg.UndefinedTableError:
            return []
        return [KeptFile(upload_id=one["upload_id"], size=one["size"], sha256=one["sha256"].hex()) for one in records]

    async def rows(self, table: str, *, without: Collection[str]) -> AsyncIterator[Mapping[str, Any]]:
        records = await self._connection.fetch(COLUMNS, self._schema.name, table)
        shown = [one["name"] for one in records if one["name"] not in without]
        statement = rows_of(self._schema, table, shown)
        async for record in self._connection.cursor(statement, prefetch=_SOME):
            yield msgspec.json.decode(record["row"])


class PostgresSchemaSnapshots(SchemaSnapshots):
    def __init__(self, database: DirectDatabase) -> None:
        self._database = database

    @asynccontextmanager
    async def open(self, schema: SchemaName) -> AsyncIterator[Snapshot]:
        async with (
            self._database.connect() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            snapshot = await connection.fetchval("select pg_export_snapshot()")
            server = (await connection.fetchval("show server_version")).partition(" ")[0]
            revision = await connection.fetchval(revision_of(schema)) or "base"
            yield PostgresSnapshot(connection, schema, snapshot=snapshot, server=server, revision=revision)


async def sums(connection: Any, schema: SchemaName) -> dict[str, TableSum]:
    """Of every table that the schema has."""
    found = {}
    for table in await connection.fetch(TABLES, schema.name):
        record = await connection.fetchrow(sum_of(schema, table["name"]))
        found[table["name"]] = TableSum(rows=record["rows"], checksum=record["checksum"])
    return found
