"""Counting within the last minute, and marks that last: in this process or in Redis."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, Protocol, TypeVar
from urllib.parse import urlsplit, urlunsplit

from limits.aio.storage import RedisStorage
from limits.errors import StorageError
from redis.asyncio import ConnectionPool

T = TypeVar("T")

MINUTE: Final = 60
_REDIS_PORT: Final = 6379
_PATIENCE: Final = 1.0
"""Seconds to wait for Redis: a login must not hang because the counter does."""


class WindowsAwayError(Exception):
    """The counts cannot be reached. The message is the kind of failure, without address or password."""


class Windows(Protocol):
    """Moving windows of a minute: each admits so many hits, and refused ones do not count."""

    async def hit(self, key: str, limit: int) -> bool: ...

    async def state(self, key: str, limit: int) -> tuple[int, float]:
        """How many hits are in the window, and when the oldest was (seconds since the epoch; now if none)."""
        ...

    async def clear(self, key: str) -> None: ...

    async def mark(self, key: str, *, seconds: int) -> None:
        """Remember the key for so long."""
        ...

    async def is_marked(self, key: str) -> bool: ...


class LocalWindows(Windows):
    """In this process, at most `most` keys of each sort; the oldest give way."""

    def __init__(self, now: Callable[[], float] = time.time, *, most: int = 50_000) -> None:
        self._now = now
        self._most = most
        self._hits: dict[str, list[float]] = {}
        self._marks: dict[str, float] = {}

    async def hit(self, key: str, limit: int) -> bool:
        hits = self._recent(key)
        if len(hits) >= limit:
            return False
        _make_room(self._hits, key, self._most)
        self._hits[key] = [*hits, self._now()]
        return True

    async def state(self, key: str, limit: int) -> tuple[int, float]:
        hits = self._recent(key)
        return min(limit, len(hits)), hits[0] if hits else self._now()

    async def clear(self, key: str) -> None:
        self._hits.pop(key, None)

    async def mark(self, key: str, *, seconds: int) -> None:
        _make_room(self._marks, key, self._most)
        self._marks[key] = self._now() + seconds

    async def is_marked(self, key: str) -> bool:
        return self._now() < self._marks.get(key, 0)

    def _recent(self, key: str) -> list[float]:
        since = self._now() - MINUTE
        return [at for at in self._hits.get(key, ()) if at >= since]


class RedisWindows(Windows):
    """In Redis, shared by all processes. Every method raises `WindowsAwayError` when it does not answer."""

    def __init__(self, url: str) -> None:
        self._connections = ConnectionPool.from_url(url)
        self._storage = RedisStorage(
            f"async+{_with_port(url)}",
            implementation="redispy",
            key_prefix="taruvi",
            wrap_exceptions=True,
            connection_pool=self._connections,  # type: ignore[arg-type]  # documented, but its type leaves it out
        )

    async def hit(self, key: str, limit: int) -> bool:
        return bool(await _answer(self._storage.acquire_entry(key, limit, MINUTE)))

    async def state(self, key: str, limit: int) -> tuple[int, float]:
        oldest, count = await _answer(self._storage.get_moving_window(key, limit, MINUTE))
        return int(count), float(oldest)

    async def clear(self, key: str) -> None:
        await _answer(self._storage.clear(key))

    async def mark(self, key: str, *, seconds: int) -> None:
        await _answer(self._storage.incr(key, seconds))

    async def is_marked(self, key: str) -> bool:
        return bool(await _answer(self._storage.get(key)))

    async def close(self) -> None:
        await self._connections.aclose()


async def _answer(asked: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout(_PATIENCE):
            return await asked
    except StorageError as error:
        raise WindowsAwayError(type(error.storage_error).__name__) from error
    except TimeoutError as error:
        raise WindowsAwayError("no answer in time") from error


def _make_room(table: dict[str, T], key: str, most: int) -> None:
    table.pop(key, None)
    while len(table) >= most:
        del table[next(iter(table))]


def _with_port(url: str) -> str:
    """`limits` wants the port said, redis-py knows it."""
    parts = urlsplit(url)
    if parts.port is not None:
        return url
    return urlunsplit(parts._replace(netloc=f"{parts.netloc.rstrip(':')}:{_REDIS_PORT}"))
