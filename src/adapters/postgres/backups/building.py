"""A schema is made by our own migrations, at the revision of its backup, and filled with the rows of its dump."""

from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime
from typing import Any, Final

import asyncpg

from adapters.postgres.backups.direct import DirectDatabase
from adapters.postgres.backups.script import Block, DumpScript, ScriptError
from adapters.postgres.backups.snapshots import sums
from adapters.postgres.backups.statements import (
    BUILT_BEFORE,
    BUILT_NOW,
    KEYS,
    TABLES,
    emptied,
    table_within,
    with_key,
    with_triggers,
    without_key,
    without_triggers,
)
from adapters.postgres.migrations import History
from adapters.postgres.sql import create_schema, drop_schema, script_within
from domain.backups.backup import BackupDamagedError, BackupRevisionError
from domain.backups.manifest import Manifest
from domain.tenancy.schema import SchemaName

_HOURS: Final = 24 * 3600.0
_TRAIL: Final = "select set_config('app.actor_label', 'restore', true), set_config('app.request_id', '', true)"
ALONE: Final = "select pg_advisory_xact_lock(hashtextextended($1, 7205759404))"
"""Two that build the same wait for each other."""
_TRY_ALONE: Final = "select pg_try_advisory_xact_lock(hashtextextended($1, 7205759404))"
_UNREADABLE: Final = (ScriptError, asyncpg.DataError, asyncpg.IntegrityConstraintViolationError)
_UNKNOWN: Final = (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError)


class SchemaBuilder:
    """Each schema in one transaction, which ends with all of it or with nothing."""

    def __init__(self, database: DirectDatabase, tenant: History) -> None:
        self._database = database
        self._tenant = tenant

    def require_known(self, revision: str) -> None:
        if revision != "base" and revision not in self._tenant.revisions:
            raise BackupRevisionError(
                f"the backup is at revision {revision}, which this release does not know: deploy the newer one"
            )

    async def build(
        self, schema: SchemaName, script: AsyncIterator[bytes], manifest: Manifest, *, without: Collection[str]
    ) -> None:
        self.require_known(manifest.revision)
        async with self._database.connect() as connection, connection.transaction():
            await connection.fetch(ALONE, schema.name)
            await connection.execute(f"{_TRAIL}; {drop_schema(schema)}; {create_schema(schema)}")
            await connection.execute(await connection.fetchval(BUILT_NOW, schema.name))
            await connection.execute(script_within(self._tenant.upgrade("base", manifest.revision), schema))
            try:
                await self._fill(connection, schema, script, without)
            except _UNREADABLE as error:
                raise BackupDamagedError(f"the rows do not fit together: {error}") from error
            except _UNKNOWN as error:
                raise BackupDamagedError(f"revision {manifest.revision} has no such place for rows: {error}") from error
            _require_same(await sums(connection, schema), manifest, without)
            if manifest.revision != self._tenant.head:
                await connection.execute(script_within(self._tenant.upgrade(manifest.revision), schema))

    async def discard_built_before(self, moment: datetime) -> int:
        """One that somebody builds anew just now is left alone: looked at again once nobody else can."""
        dropped, seconds = 0, int(moment.timestamp())
        async with self._database.connect() as connection:
            for found in await connection.fetch(BUILT_BEFORE, seconds, None):
                schema = SchemaName(found["name"])
                async with connection.transaction():
                    is_ours = await connection.fetchval(_TRY_ALONE, schema.name)
                    if is_ours and await connection.fetch(BUILT_BEFORE, seconds, schema.name):
                        await connection.execute(drop_schema(schema))
                        dropped += 1
        return dropped

    async def _fill(
        self, connection: Any, schema: SchemaName, script: AsyncIterator[bytes], without: Collection[str]
    ) -> None:
        """Keys to other tables are taken away and made anew, for rows come in no order; triggers do not fire."""
        tables = [one["name"] for one in await connection.fetch(TABLES, schema.name)]
        keys = await connection.fetch(KEYS, schema.name)
        for key in keys:
            await connection.execute(without_key(schema, key["table"], key["name"]))
        await connection.execute(without_triggers(schema, tables))
        await connection.execute(emptied(schema, tables))
        async for part in DumpScript(script).blocks():
            if not isinstance(part, Block):
                await _set_sequence(connection, schema, part.sequence, part.value, is_called=part.is_called)
            elif part.table in without:
                async for _ in part.rows:
                    pass
            else:
                await connection.copy_to_table(
                    part.table, schema_name=schema.name, columns=part.columns, source=part.rows, timeout=_HOURS
                )
        for key in keys:
            await connection.execute(with_key(schema, key["table"], key["name"], key["definition"]))
        await connection.execute(with_triggers(schema, tables))


async def _set_sequence(connection: Any, schema: SchemaName, name: str, value: int, *, is_called: bool) -> None:
    sequence = table_within(schema, name)
    await connection.fetch("select setval($1::text::regclass, $2, $3)", sequence, value, is_called)


def _require_same(found: Mapping[str, Any], manifest: Manifest, without: Collection[str]) -> None:
    names = (set(found) | set(manifest.tables)) - set(without)
    wrong = sorted(name for name in names if found.get(name) != manifest.tables.get(name))
    if wrong:
        raise BackupDamagedError(f"what came back is not what the manifest tells: {', '.join(wrong)}")
