from typing import Final

import asyncpg
from sqlalchemy import bindparam, update

from adapters.postgres.migrations import History
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql, create_schema, drop_schema, rename_schema, script_within
from adapters.postgres.tenancy.rows import SiteRow
from application.tenancy.ports import SiteSchemas
from domain.tenancy.schema import SchemaName
from domain.tenancy.site import Site, SlugTakenError

_ATTEMPTS: Final = 5
_SET_REVISION: Final = Sql(
    update(SiteRow).where(SiteRow.id == bindparam("key")).values(revision=bindparam("to_revision"))
)


class PostgresSiteSchemas(SiteSchemas):
    def __init__(self, session: ScopedSession, tenant: History) -> None:
        self._session = session
        self._tenant = tenant

    async def create(self, site: Site) -> None:
        await self._make(create_schema(site.schema), site.schema)
        await self._session.run_script(script_within(self._tenant.whole, site.schema))
        await self._session.execute(_SET_REVISION, key=site.id, to_revision=self._tenant.head)

    async def rename(self, old: SchemaName, new: SchemaName) -> None:
        await self._make(rename_schema(old, new), new)

    async def drop(self, schema: SchemaName) -> None:
        """Requests that are under way may hold locks in another order: whoever is told of the deadlock retries."""
        for _ in range(_ATTEMPTS):
            await self._session.run_script("SAVEPOINT before_drop")
            try:
                await self._session.run_script(drop_schema(schema))
            except asyncpg.DeadlockDetectedError:
                await self._session.run_script("ROLLBACK TO SAVEPOINT before_drop")
            else:
                return
        await self._session.run_script(drop_schema(schema))

    async def _make(self, statement: str, schema: SchemaName) -> None:
        try:
            await self._session.run_script(statement)
        except asyncpg.DuplicateSchemaError as error:
            raise SlugTakenError(f"there is a schema {schema.name} already") from error
