import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Final, TypeVar

from argon2 import PasswordHasher as Argon2
from argon2 import extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError
from argon2.low_level import Type, hash_secret_raw

from application.identity.ports import PasswordHasher
from domain.shared.errors import UnavailableError

T = TypeVar("T")

MEMORY_KIB: Final = 19 * 1024
PASSES: Final = 2
LANES: Final = 1
"""OWASP's parameters for argon2id: 19 MiB, two passes, one lane."""
_LEAST_KIB: Final = 8
_SALT_BYTES: Final = 16


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
        return await self._run(partial(self._argon2.hash, _bytes(password)))

    async def verify(self, password: str, password_hash: str | None) -> bool:
        return await self._run(partial(self._verify, _bytes(password), password_hash or ""))

    def is_outdated(self, password_hash: str) -> bool:
        return self._argon2.check_needs_rehash(password_hash)

    def close(self) -> None:
        self._executor.shutdown(cancel_futures=True)

    def _verify(self, password: bytes, password_hash: str) -> bool:
        try:
            return self._argon2.verify(password_hash, password)
        except VerifyMismatchError:
            self._work_off(password, _work_of(password_hash))
        except (VerificationError, InvalidHashError):
            self._work_off(password, 0)
        return False

    def _work_off(self, password: bytes, done: int) -> None:
        """Do what is left of today's work, so that no refusal is quicker than another.

        An unknown user has cost nothing yet, and a hash made with weaker parameters less than it should.
        """
        passes = self._argon2.time_cost
        memory = self._argon2.memory_cost - done // passes
        if memory >= _LEAST_KIB:
            salt, length = os.urandom(_SALT_BYTES), self._argon2.hash_len
            hash_secret_raw(password, salt, passes, memory, LANES, length, Type.ID)

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= self._longest_queue:
            raise UnavailableError("too many logins are waiting; try again", retry_after=2)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, work)
        finally:
            self._waiting -= 1


def _work_of(password_hash: str) -> int:
    """What verifying against it cost, in KiB times passes."""
    parameters = extract_parameters(password_hash)
    return parameters.memory_cost * parameters.time_cost


def _bytes(password: str) -> bytes:
    """Of whatever text a client sends, half a surrogate pair included."""
    return password.encode("utf-8", "surrogatepass")


def _step_back() -> None:
    """Linux gives every thread a priority of its own: requests go before hashes."""
    if sys.platform == "linux":
        with suppress(OSError):  # a sandbox may forbid it: then without
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
