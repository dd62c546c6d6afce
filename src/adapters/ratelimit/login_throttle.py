import logging
import time
from dataclasses import dataclass
from math import ceil
from typing import Final

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string

from application.identity.ports import LoginThrottle
from application.identity.views import Allowance
from domain.shared.errors import ThrottledError
from domain.tenancy.scope import Scope

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginLimits:
    """Attempts a minute: on one account from one address, on one account, from one address."""

    account_and_address: int = 10
    account: int = 50
    address: int = 100


class RateLimiter:
    """Moving windows in Redis, or in this process where there is none or it does not answer."""

    def __init__(self, url: str, limits: LoginLimits) -> None:
        self.limits = limits
        self._local = MovingWindowRateLimiter(MemoryStorage())
        self._shared = MovingWindowRateLimiter(_storage(url)) if url else self._local

    async def hit(self, item: RateLimitItem, *key: str) -> bool:
        try:
            return await self._shared.hit(item, *key)
        except StorageError as error:
            _log.warning("rate limits are counted in this process alone", exc_info=error)
            return await self._local.hit(item, *key)

    async def left(self, item: RateLimitItem, *key: str) -> Allowance:
        try:
            window = await self._shared.get_window_stats(item, *key)
        except StorageError:
            window = await self._local.get_window_stats(item, *key)
        return Allowance(
            limit=item.amount,
            remaining=max(0, window.remaining),
            resets_at=ceil(window.reset_time),
        )

    async def problem(self) -> str:
        """Why the counts are this process's alone, although they should not be; empty if all is well."""
        try:
            return "" if await self._shared.storage.check() else "does not answer"
        except StorageError as error:
            return f"does not answer: {type(error.storage_error).__name__}"

    async def clear(self, item: RateLimitItem, *key: str) -> None:
        await self._local.clear(item, *key)
        try:
            await self._shared.clear(item, *key)
        except StorageError as error:
            _log.warning("a rate limit could not be cleared", exc_info=error)


class LimitsLoginThrottle(LoginThrottle):
    """Keys begin with the scope: the accounts of two sites never share a count."""

    def __init__(self, limiter: RateLimiter, scope: Scope) -> None:
        self._limiter = limiter
        self._scope = scope.audience

    async def admit(self, login: str, address: str) -> Allowance:
        counts = self._counts(login, address)
        for item, key in counts:
            if not await self._limiter.hit(item, *key):
                left = await self._limiter.left(item, *key)
                raise ThrottledError(
                    "too many attempts to log in; wait before the next one",
                    limit=left.limit,
                    resets_at=left.resets_at,
                    retry_after=max(1, ceil(left.resets_at - time.time())),
                )
        item, key = counts[0]
        return await self._limiter.left(item, *key)

    async def forgive(self, login: str, address: str) -> None:
        item, key = self._counts(login, address)[0]
        await self._limiter.clear(item, *key)

    def _counts(self, login: str, address: str) -> list[tuple[RateLimitItem, tuple[str, ...]]]:
        account = login.casefold()[:254]
        limits = self._limiter.limits
        return [
            (
                RateLimitItemPerMinute(limits.account_and_address),
                (self._scope, "login", "account+address", account, address),
            ),
            (
                RateLimitItemPerMinute(limits.account),
                (self._scope, "login", "account", account),
            ),
            (RateLimitItemPerMinute(limits.address), ("login", "address", address)),
        ]


def _storage(url: str) -> Storage:
    storage = storage_from_string(f"async+{url}", wrap_exceptions=True, implementation="redispy")
    if not isinstance(storage, Storage):
        raise TypeError(f"{url} is not a store that limits can count in")
    return storage
