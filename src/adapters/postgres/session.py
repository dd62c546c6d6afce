from contextlib import suppress
from typing import Any, Final, Self

import asyncpg

from adapters.postgres.pool import LONGEST_WAIT
from adapters.postgres.sql import Sql, literal
from application.shared.ports import UnitOfWork
from application.shared.trail import Trail, TrailSource
from domain.tenancy.scope import Scope

_HOURS: Final = 24 * 3600.0


def begin(trail: Trail) -> str:
    """BEGIN, and what the audit trigger writes into `history` in this transaction, as one round trip."""
    settings = {
        "app.actor": str(trail.actor or ""),
        "app.actor_label": trail.actor_label,
        "app.request_id": trail.request_id,
        "app.impersonator": str(trail.impersonator or ""),
    }
    calls = (f"set_config('{key}', {literal(value)}, true)" for key, value in settings.items())
    return f"BEGIN; SELECT {', '.join(calls)}"


class CommitFailedError(RuntimeError):
    """PostgreSQL answered COMMIT with a rollback: a failed statement was swallowed on the way."""


class ScopedSession:
    """Runs statements in one scope, for one request.

    Within a unit of work all go through its transaction, outside of it each takes a connection of
    its own for as long as it runs. Not for several tasks at once.
    """

    def __init__(self, pool: asyncpg.Pool, scope: Scope, trail: TrailSource) -> None:
        self.scope = scope
        self._pool = pool
        self._trail = trail
        self._open: Any = None
        self._seconds: float | None = None

    def within(self, scope: Scope) -> Self:
        """A session of its own in another scope, outside of this one's transaction: the platform looks into a site."""
        return type(self)(self._pool, scope, self._trail)

    def joined(self, scope: Scope) -> Self:
        """A session in another scope, inside of this one's transaction and for no longer: to bring a site about."""
        joined = self.within(scope)
        joined._open, joined._seconds = self._open, self._seconds  # noqa: SLF001  its own class
        return joined

    async def wait_long(self) -> None:
        """Let the statements of the running transaction take hours: for the background, never for requests."""
        await self.run_script(
            "SELECT set_config('statement_timeout', '0', true), set_config('lock_timeout', '60s', true)"
        )
        self._seconds = _HOURS

    async def fetch(self, sql: Sql, **values: Any) -> list[asyncpg.Record]:
        connection = self._open or await self._connection()
        try:
            records: list[asyncpg.Record] = await connection.fetch(
                sql.within(self.scope), *sql.args(values), timeout=self._seconds
            )
            return records
        finally:
            await self._give_back(connection)

    async def fetchrow(self, sql: Sql, **values: Any) -> asyncpg.Record | None:
        records = await self.fetch(sql, **values)
        return records[0] if records else None

    async def execute(self, sql: Sql, **values: Any) -> int:
        """The number of rows that were written."""
        connection = self._open or await self._connection()
        try:
            tag: str = await connection.execute(sql.within(self.scope), *sql.args(values), timeout=self._seconds)
            return int(tag.rpartition(" ")[2])
        finally:
            await self._give_back(connection)

    async def run_script(self, script: str, *args: str) -> None:
        """Statements that are not compiled ones, inside the running transaction."""
        if self._open is None:
            raise RuntimeError("a script needs a transaction")
        await self._open.execute(script, *args, timeout=self._seconds)

    async def ask(self, statement: str, *args: Any) -> list[asyncpg.Record]:
        """A statement that is not a compiled one, inside the running transaction."""
        if self._open is None:
            raise RuntimeError("this needs a transaction")
        records: list[asyncpg.Record] = await self._open.fetch(statement, *args, timeout=self._seconds)
        return records

    async def begin(self) -> None:
        if self._open is not None:
            raise RuntimeError("a unit of work is already open")
        connection = await self._connection()
        self._open = connection
        try:
            await connection.execute(begin(self._trail()))
        except BaseException:
            await self.roll_back()
            raise

    async def commit(self) -> None:
        """End the transaction for good, or raise."""
        connection, self._open, self._seconds = self._open, None, None
        try:
            if (tag := await connection.execute("COMMIT")) != "COMMIT":
                raise CommitFailedError(tag)
        finally:
            await self._pool.release(connection)

    async def roll_back(self) -> None:
        """Undo it all. With a connection that is lost, PostgreSQL has done so already."""
        connection, self._open, self._seconds = self._open, None, None
        try:
            with suppress(asyncpg.InterfaceError, asyncpg.PostgresConnectionError, OSError):
                await connection.execute("ROLLBACK")
        finally:
            await self._pool.release(connection)

    async def _connection(self) -> Any:
        """One of the pool; with a clock running only where there is none to have at once."""
        return await self._pool.acquire(timeout=None if self._pool.get_idle_size() else LONGEST_WAIT)

    async def _give_back(self, connection: Any) -> None:
        if connection is not self._open:
            await self._pool.release(connection)


class PostgresUnitOfWork(UnitOfWork):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def __aenter__(self) -> None:
        await self._session.begin()

    async def __aexit__(self, exc_type: type[BaseException] | None, *_: object) -> None:
        if exc_type is None:
            await self._session.commit()
        else:
            await self._session.roll_back()
