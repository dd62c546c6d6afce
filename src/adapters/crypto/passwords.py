import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from typing import Final, TypeVar

from argon2 import PasswordHasher as Argon2
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError
from argon2.low_level import Type

from application.identity.ports import PasswordHasher
from domain.shared.errors import UnavailableError

T = TypeVar("T")

MEMORY_KIB: Final = 19 * 1024
PASSES: Final = 2
LANES: Final = 1
"""OWASP's parameters for argon2id: 19 MiB, two passes, one lane."""


class Argon2PasswordHasher(PasswordHasher):
    """argon2id in `threads` threads of its own, below the priority of the event loop.

    However many logins come at once, they use so much of the processor and no more, and behind
    `longest_queue` waiting ones the next is turned away at once.
    """

    def __init__(
        self,
        *,
        threads: int = 1,
        longest_queue: int = 64,
        memory_kib: int = MEMORY_KIB,
        passes: int = PASSES,
    ) -> None:
        self._argon2 = Argon2(time_cost=passes, memory_cost=memory_kib, parallelism=LANES, type=Type.ID)
        self._executor = ThreadPoolExecutor(threads, "argon2", initializer=_step_back)
        self._longest_queue = longest_queue
        self._waiting = 0

    async def hash(self, password: str) -> str:
        return await self._run(partial(self._argon2.hash, password))

    async def verify(self, password: str, password_hash: str | None) -> bool:
        return await self._run(partial(self._verify, password, password_hash))

    def is_outdated(self, password_hash: str) -> bool:
        return self._argon2.check_needs_rehash(password_hash)

    def close(self) -> None:
        self._executor.shutdown(cancel_futures=True)

    def _verify(self, password: str, password_hash: str | None) -> bool:
        try:
            matches = self._argon2.verify(password_hash or self._nobodys_hash, password)
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False
        return matches and password_hash is not None

    @cached_property
    def _nobodys_hash(self) -> str:
        """What an unknown user's password is compared with, so that it takes as long."""
        return self._argon2.hash(os.urandom(16).hex())

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= self._longest_queue:
            raise UnavailableError("too many logins are waiting; try again", retry_after=2)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, work)
        finally:
            self._waiting -= 1


def _step_back() -> None:
    """Linux gives every thread a priority of its own: requests go before hashes."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
