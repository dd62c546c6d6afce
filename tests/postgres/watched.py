"""A session that remembers its statements, and how PostgreSQL runs them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from adapters.postgres.pool import open_pool
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from domain.tenancy.scope import Scope
from tests.world import A_TRAIL


class WatchedSession(ScopedSession):
    """`asked` are the statements so far, each with its values."""

    def __init__(self, pool: asyncpg.Pool, scope: Scope) -> None:
        super().__init__(pool, scope, lambda: A_TRAIL)
        self.asked: list[tuple[str, list[Any]]] = []

    async def fetch(self, sql: Sql, **values: Any) -> list[asyncpg.Record]:
        self.asked.append((sql.within(self.scope), sql.args(values)))
        return await super().fetch(sql, **values)

    async def execute(self, sql: Sql, **values: Any) -> int:
        self.asked.append((sql.within(self.scope), sql.args(values)))
        return await super().execute(sql, **values)


@asynccontextmanager
async def watched(url: str, scope: Scope) -> AsyncIterator[WatchedSession]:
    pool = await open_pool(url, size=2, statements=0, name="taruvi tests")
    try:
        yield WatchedSession(pool, scope)
    finally:
        await pool.close()


async def plan(psql: asyncpg.Connection, asked: tuple[str, list[Any]]) -> str:
    """What PostgreSQL does for a statement, with what it did."""
    text, values = asked
    return "\n".join(line[0] for line in await psql.fetch(f"explain (analyze, costs off) {text}", *values))
