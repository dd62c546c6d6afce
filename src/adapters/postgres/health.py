import asyncio

import asyncpg

from adapters.postgres.migrations import PLATFORM_HISTORY
from adapters.postgres.pool import FAILURES

_SECONDS = 2.0


async def database_problem(pool: asyncpg.Pool) -> str:
    """Why the database cannot serve requests; empty if it can."""
    try:
        async with asyncio.timeout(_SECONDS):
            revision = await pool.fetchval("select version_num from public.alembic_version")
    except asyncpg.UndefinedTableError:
        return "not migrated: run `taruvi migrate`"
    except FAILURES as error:
        return f"cannot be reached: {type(error).__name__}"
    if revision != PLATFORM_HISTORY.head:
        return f"is at revision {revision}, not {PLATFORM_HISTORY.head}: run `taruvi migrate`"
    return ""
