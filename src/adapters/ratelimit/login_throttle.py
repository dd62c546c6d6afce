import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import IPv6Address, IPv6Network, ip_address
from math import ceil
from typing import Final, TypeVar

from adapters.ratelimit.windows import MINUTE, LocalWindows, RedisWindows, Windows, WindowsAwayError
from application.identity.ports import LoginThrottle
from application.identity.reset_ports import ResetThrottle
from application.identity.views import Allowance
from domain.identity.login import folded
from domain.shared.errors import ThrottledError
from domain.tenancy.scope import Scope

T = TypeVar("T")

_log: Final = logging.getLogger(__name__)
_KNOWN_FOR: Final = 30 * 24 * 3600
_NETWORK: Final = 64
"""One customer's line has a /64 of IPv6 addresses: they count as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginLimits:
    """Attempts a minute: on one account from one address, on one account, from one address."""

    account_and_address: int = 10
    account: int = 50
    address: int = 100


class RateLimiter:
    """Moving windows in Redis, or in this process where there is none or it does not answer.

    One that does not answer is asked again after `pause` seconds.
    """

    def __init__(
        self,
        url: str,
        limits: LoginLimits,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        pause: float = 5,
    ) -> None:
        self.limits = limits
        self._local = LocalWindows()
        self._shared = RedisWindows(url) if url else None
        self._monotonic = monotonic
        self._pause = pause
        self._away_until = 0.0

    async def ask(self, question: Callable[[Windows], Awaitable[T]]) -> T:
        if self._shared and self._monotonic() >= self._away_until:
            try:
                return await question(self._shared)
            except WindowsAwayError as error:
                self._away_until = self._monotonic() + self._pause
                _log.warning("rate limits are counted in this process alone: %s", error)
        return await question(self._local)

    async def problem(self) -> str:
        """Why the counts are this process's alone, although they should not be; empty if all is well."""
        try:
            if self._shared:
                await self._shared.is_marked("ready")
        except WindowsAwayError as error:
            return f"does not answer: {error}"
        return ""

    async def close(self) -> None:
        if self._shared:
            await self._shared.close()


@dataclass(frozen=True, slots=True)
class _Count:
    key: str
    limit: int


class LimitsLoginThrottle(LoginThrottle):
    """Keys begin with the scope: the accounts of two sites never share a count.

    Whoever has used up one count takes nothing from the next: first comes what only they can use up,
    last what all of the account's clients share. Where a password was proven in the last 30 days that
    last count is left out, so that a flood from elsewhere does not shut the owner out.
    """

    _counted = "login"
    _refused = "too many attempts to log in; wait before the next one"

    def __init__(self, limiter: RateLimiter, scope: Scope) -> None:
        self._limiter = limiter
        self._scope = scope.audience

    async def admit(self, login: str, address: str) -> Allowance:
        pair, network, account = self._counts(login, address)
        if not (await self._left(network)).remaining:
            raise await self._refusal(network)
        counts = [pair, network] if await self._is_known(pair) else [pair, network, account]
        for count in counts:
            if not await self._hit(count):
                raise await self._refusal(count)
        return await self._left(pair)

    async def forgive(self, login: str, address: str) -> None:
        pair, *_ = self._counts(login, address)
        await self._limiter.ask(lambda windows: windows.clear(pair.key))
        await self._limiter.ask(lambda windows: windows.mark(_known(pair), seconds=_KNOWN_FOR))

    def _counts(self, login: str, address: str) -> tuple[_Count, _Count, _Count]:
        """Of the account from this address, of the address alone, of the account alone."""
        limits = self._limiter.limits
        account = sha256(folded(login).encode("utf-8", "surrogatepass")).hexdigest()
        network = _network(address)
        return (
            _Count(f"{self._scope}:{self._counted}:{account}:{network}", limits.account_and_address),
            _Count(f"any:{self._counted}:{network}", limits.address),
            _Count(f"{self._scope}:{self._counted}:{account}", limits.account),
        )

    async def _hit(self, count: _Count) -> bool:
        return await self._limiter.ask(lambda windows: windows.hit(count.key, count.limit))

    async def _is_known(self, pair: _Count) -> bool:
        return await self._limiter.ask(lambda windows: windows.is_marked(_known(pair)))

    async def _left(self, count: _Count) -> Allowance:
        used, oldest = await self._limiter.ask(lambda windows: windows.state(count.key, count.limit))
        return Allowance(
            limit=count.limit,
            remaining=max(0, count.limit - used),
            resets_at=ceil(oldest + MINUTE),
        )

    async def _refusal(self, count: _Count) -> ThrottledError:
        left = await self._left(count)
        return ThrottledError(
            self._refused,
            limit=left.limit,
            resets_at=left.resets_at,
            retry_after=max(1, ceil(left.resets_at - time.time())),
        )


class LimitsResetThrottle(LimitsLoginThrottle, ResetThrottle):
    """The limits of logins for mails that set a new password, counted apart from logins."""

    _counted = "reset"
    _refused = "too many mails were asked for; wait before the next one"


def _known(pair: _Count) -> str:
    return f"{pair.key}:known"


def _network(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 an IPv6 address is in."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or IPv6Network((int(parsed), _NETWORK), strict=False))
