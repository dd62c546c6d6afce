import asyncio
import os
import sys
import threading
from collections.abc import Iterator

import pytest

from adapters.crypto.passwords import MEMORY_KIB, Argon2PasswordHasher
from domain.shared.errors import UnavailableError

KIB = MEMORY_KIB


@pytest.fixture
def hasher() -> Iterator[Argon2PasswordHasher]:
    """With OWASP's parameters."""
    hasher = Argon2PasswordHasher()
    yield hasher
    hasher.close()


@pytest.fixture
def quick() -> Iterator[Argon2PasswordHasher]:
    """Too weak for anything but tests, with a queue of four."""
    hasher = Argon2PasswordHasher(memory_kib=64, passes=1, longest_queue=4)
    yield hasher
    hasher.close()


def threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name.startswith("argon2")}


async def attempts(hasher: Argon2PasswordHasher, many: int) -> list[asyncio.Task[bool]]:
    """So many logins, all of them waiting or running."""
    tasks = [asyncio.create_task(hasher.verify("a-good-password", None)) for _ in range(many)]
    await asyncio.sleep(0)
    return tasks


async def test_turns_away_at_once_what_does_not_fit_into_the_queue(quick: Argon2PasswordHasher) -> None:
    waiting = await attempts(quick, 4)

    with pytest.raises(UnavailableError) as refused:
        await quick.verify("a-good-password", None)
    with pytest.raises(UnavailableError):
        await quick.hash("a-good-password")

    assert refused.value.retry_after > 0
    assert await asyncio.gather(*waiting) == [False] * 4
    assert not await quick.verify("a-good-password", None)


async def test_a_request_that_goes_away_leaves_its_place_to_the_next(quick: Argon2PasswordHasher) -> None:
    waiting = await attempts(quick, 4)

    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)

    assert all(task.cancelled() for task in waiting)
    assert await asyncio.gather(*await attempts(quick, 4)) == [False] * 4


async def test_the_event_loop_goes_on_while_it_hashes(hasher: Argon2PasswordHasher) -> None:
    hashing = asyncio.create_task(hasher.hash("a-good-password"))
    turns = 0
    while not hashing.done():
        await asyncio.sleep(0)
        turns += 1

    assert turns > 10


async def test_hashes_in_no_more_threads_than_it_was_given() -> None:
    before = threads()
    hasher = Argon2PasswordHasher(memory_kib=64, passes=1, threads=2)

    await asyncio.gather(*(hasher.hash("a-good-password") for _ in range(20)))

    assert 1 <= len(threads() - before) <= 2
    hasher.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere threads have no priority of their own")
async def test_requests_go_before_hashes() -> None:
    before = threads()
    hasher = Argon2PasswordHasher(memory_kib=64, passes=1)
    await hasher.hash("a-good-password")

    (thread,) = threads() - before
    assert thread.native_id
    mine = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert os.getpriority(os.PRIO_PROCESS, thread.native_id) == max(10, mine)
    assert mine < 10
    hasher.close()


async def test_ends_its_threads_and_hashes_nothing_more() -> None:
    before = threads()
    hasher = Argon2PasswordHasher(memory_kib=64, passes=1)
    await hasher.hash("a-good-password")
    assert threads() - before

    hasher.close()

    assert not threads() - before
    with pytest.raises(RuntimeError):
        await hasher.hash("a-good-password")
