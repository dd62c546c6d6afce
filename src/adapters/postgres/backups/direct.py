from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from adapters.postgres.pool import PATIENT, SETTINGS


@dataclass(frozen=True, slots=True)
class DirectDatabase:
    """Connections of their own, to the database itself and not to a pooler: they keep a snapshot, or take hours."""

    url: str

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Any]:
        settings = SETTINGS | PATIENT | {"application_name": "taruvi backup"}
        connection = await asyncpg.connect(self.url, statement_cache_size=0, server_settings=settings)
        try:
            yield connection
        finally:
            await connection.close()
