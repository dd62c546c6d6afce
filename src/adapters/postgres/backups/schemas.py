from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime
from typing import Final

import asyncpg
from sqlalchemy import bindparam, null, update

from adapters.postgres.backups.building import SchemaBuilder
from adapters.postgres.backups.direct import DirectDatabase
from adapters.postgres.backups.script import Block, DumpScript, ScriptError
from adapters.postgres.backups.statements import TABLES, locked, not_built, sum_of
from adapters.postgres.files.storage import PostgresStorageLedger
from adapters.postgres.migrations import History
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql, drop_schema, rename_schema
from adapters.postgres.tenancy.rows import SiteRow
from application.backups.schema_ports import SchemaBuilding, SchemaChangedError
from domain.backups.backup import BackupDamagedError
from domain.backups.manifest import Manifest, TableSum
from domain.tenancy.schema import SchemaName
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import Site

_SET_REVISION: Final = Sql(
    update(SiteRow)
    .where(SiteRow.id == bindparam("key"))
    .values(revision=bindparam("to_revision"), migration_error=null())
)


class PostgresSchemaBuilding(SchemaBuilding):
    def __init__(self, session: ScopedSession, database: DirectDatabase, tenant: History) -> None:
        self._session = session
        self._database = database
        self._tenant = tenant

    def require_known(self, revision: str) -> None:
        SchemaBuilder(self._database, self._tenant).require_known(revision)

    async def count(self, script: AsyncIterator[bytes]) -> Mapping[str, int]:
        found: dict[str, int] = {}
        try:
            async for part in DumpScript(script).blocks():
                if isinstance(part, Block):
                    found[part.table] = sum([rows.count(b"\n") async for rows in part.rows])
        except ScriptError as error:
            raise BackupDamagedError(str(error)) from error
        return found

    async def build(
        self, schema: SchemaName, script: AsyncIterator[bytes], manifest: Manifest, *, without: Collection[str]
    ) -> None:
        await SchemaBuilder(self._database, self._tenant).build(schema, script, manifest, without=without)

    async def require_unchanged(self, schema: SchemaName, tables: Mapping[str, TableSum]) -> None:
        await self._session.wait_long()
        there = [str(one["name"]) for one in await self._session.ask(TABLES, schema.name)]
        if set(there) != set(tables):
            raise SchemaChangedError(schema.name)
        try:
            await self._session.run_script(locked(schema, there))
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError) as error:
            raise SchemaChangedError(schema.name) from error
        for table, then in tables.items():
            now = (await self._session.ask(sum_of(schema, table)))[0]
            if (now["rows"], now["checksum"]) != (then.rows, then.checksum):
                raise SchemaChangedError(schema.name)

    async def adopt(self, schema: SchemaName, site: Site, *, is_new: bool) -> None:
        renamed = f"{rename_schema(schema, site.schema)}; {not_built(site.schema)}"
        await self._session.run_script(f"{drop_schema(site.schema)}; {renamed}")
        await self._session.execute(_SET_REVISION, key=site.id, to_revision=self._tenant.head)
        inside = self._session.joined(SiteScope(site.id, site.slug.value, site.schema))
        ledger = PostgresStorageLedger(inside)
        surplus = await ledger.recount()
        if is_new:
            await ledger.take(surplus)
            await ledger.take(-surplus)

    async def discard_built_before(self, moment: datetime) -> int:
        return await SchemaBuilder(self._database, self._tenant).discard_built_before(moment)

    async def discard(self, schema: SchemaName) -> None:
        async with self._database.connect() as connection:
            await connection.execute(drop_schema(schema))
