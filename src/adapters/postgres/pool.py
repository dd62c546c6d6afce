import sys
from typing import Any, Final

import asyncpg

SETTINGS = {
    "search_path": "",
    "timezone": "UTC",
    "jit": "off",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
}
"""Given at connecting. An empty search path leaves pg_catalog alone: a table without a schema is an error."""

LONGEST_WAIT: Final = 10.0
"""Seconds that a request waits for a connection of the pool; then it ends with `TimeoutError`."""

FAILURES: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
"""What a statement, or having a connection for it, may end with."""

PATIENT = {"statement_timeout": "0", "idle_in_transaction_session_timeout": "0"}


class PooledConnection(asyncpg.Connection):
    """Comes back to the pool as it went: no code of ours changes a session's state.

    That spares a round trip. A transaction that is open on release is rolled back all the same.
    """

    def get_reset_query(self) -> str:
        return ""

    async def reset(self, *, timeout: float | None = None) -> None:  # noqa: ASYNC109  asyncpg calls it so
        if self.is_in_transaction():
            await super().reset(timeout=timeout)


class QuietPool(asyncpg.Pool):
    """Takes a connection back at once where nothing is left to do for it.

    asyncpg starts a task for each release, a tenth of a small request's work, for a release may have to
    wait: until a cancelled statement is over, or for a rollback. Without these there is nothing to wait for.
    """

    async def release(self, connection: Any, *, timeout: float | None = None) -> None:  # noqa: ASYNC109  asyncpg's
        inner = connection._con  # noqa: SLF001  asyncpg has no public way; the lock file pins it
        if inner is None or inner.is_in_transaction() or inner._protocol._is_cancelling():  # noqa: SLF001
            await super().release(connection, timeout=timeout)
            return
        inner._on_release()  # noqa: SLF001
        await connection._holder.release(timeout)  # noqa: SLF001


async def open_pool(url: str, *, size: int, statements: int, name: str, patient: bool = False) -> asyncpg.Pool:
    """A pool of at most `size` connections, each keeping up to `statements` prepared ones.

    Connections live as long as they work: closing one would throw away what it has prepared.
    A `patient` one lets statements take as long as they need: for migrations, never for requests.
    """
    return await QuietPool(
        url,
        min_size=min(2, size),
        max_size=size,
        connect=None,
        setup=None,
        init=None,
        reset=None,
        loop=None,
        connection_class=PooledConnection,
        record_class=asyncpg.Record,
        statement_cache_size=statements,
        max_cached_statement_lifetime=0,
        max_inactive_connection_lifetime=0,
        max_queries=sys.maxsize,
        command_timeout=None if patient else 30,
        server_settings=SETTINGS | {"application_name": name} | (PATIENT if patient else {}),
    )
