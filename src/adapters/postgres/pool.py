import asyncpg

SETTINGS = {
    "search_path": "",
    "timezone": "UTC",
    "jit": "off",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
}
"""Given at connecting. An empty search path leaves pg_catalog alone: a table without a schema is an error."""


class PooledConnection(asyncpg.Connection):
    """Comes back to the pool as it went: no code of ours changes a session's state.

    That spares a round trip. An open transaction is rolled back on release all the same (asyncpg).
    """

    def get_reset_query(self) -> str:
        return ""


async def open_pool(url: str, *, size: int, statements: int, name: str) -> asyncpg.Pool:
    """A pool of at most `size` connections, each keeping up to `statements` prepared ones."""
    return await asyncpg.create_pool(
        url,
        min_size=min(2, size),
        max_size=size,
        connection_class=PooledConnection,
        statement_cache_size=statements,
        max_cached_statement_lifetime=0,
        command_timeout=30,
        server_settings=SETTINGS | {"application_name": name},
    )
