from collections.abc import Iterator
from typing import Any

import pytest
from argon2 import extract_parameters, low_level
from argon2.low_level import Type

from adapters.crypto.passwords import MEMORY_KIB, PASSES, Argon2PasswordHasher

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


async def test_hashes_as_owasp_says(hasher: Argon2PasswordHasher) -> None:
    parameters = extract_parameters(await hasher.hash("a-good-password"))

    assert parameters.type is Type.ID
    assert parameters.memory_cost >= 19 * 1024
    assert parameters.time_cost >= 2
    assert parameters.parallelism == 1
    assert parameters.salt_len >= 16
    assert parameters.hash_len >= 32


async def test_knows_the_right_password_and_no_other(quick: Argon2PasswordHasher) -> None:
    password_hash = await quick.hash("a-good-password")

    assert await quick.verify("a-good-password", password_hash)
    assert not await quick.verify("a-good-passwore", password_hash)
    assert not await quick.verify("A-good-password", password_hash)
    assert not await quick.verify("", password_hash)


async def test_two_hashes_of_one_password_differ(quick: Argon2PasswordHasher) -> None:
    assert await quick.hash("a-good-password") != await quick.hash("a-good-password")


@pytest.mark.parametrize("password", ["with\0NUL", "\0", "ünïcode🦀", "half \ud800", "x" * 1024])
async def test_takes_every_text(quick: Argon2PasswordHasher, password: str) -> None:
    password_hash = await quick.hash(password)

    assert await quick.verify(password, password_hash)
    assert not await quick.verify(password + "\0", password_hash)
    assert not await quick.verify(password.partition("\0")[0] + "?", password_hash)


@pytest.mark.parametrize("no_hash", [None, "", "!", "plain:a-good-password", "$argon2id$v=19$m=64,t=1,p=1$x$y"])
async def test_nobody_and_a_broken_hash_have_no_password(quick: Argon2PasswordHasher, no_hash: str | None) -> None:
    assert not await quick.verify("a-good-password", no_hash)


async def test_a_hash_with_other_parameters_is_outdated(
    hasher: Argon2PasswordHasher, quick: Argon2PasswordHasher
) -> None:
    assert hasher.is_outdated(await quick.hash("a-good-password"))
    assert not hasher.is_outdated(await hasher.hash("a-good-password"))


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What each call of argon2 costs, in KiB times passes, while it is called for real."""
    done: list[int] = []
    library: Any = vars(low_level)["lib"]
    verify, compute = library.argon2_verify, library.argon2_hash

    class Watched:
        def __getattr__(self, name: str) -> Any:
            return getattr(library, name)

        def argon2_verify(self, encoded: Any, *args: Any) -> int:
            text = vars(low_level)["ffi"].string(encoded).decode()
            result = int(verify(encoded, *args))
            if result in (library.ARGON2_OK, library.ARGON2_VERIFY_MISMATCH):
                parameters = extract_parameters(text)
                done.append(parameters.memory_cost * parameters.time_cost)
            return result

        def argon2_hash(self, passes: int, kib: int, *args: Any) -> int:
            done.append(passes * kib)
            return int(compute(passes, kib, *args))

    monkeypatch.setattr(low_level, "lib", Watched())
    return done


async def a_hash(memory_kib: int, passes: int) -> str:
    other = Argon2PasswordHasher(memory_kib=memory_kib, passes=passes)
    try:
        return await other.hash("a-good-password")
    finally:
        other.close()


@pytest.mark.parametrize(
    ("kib", "passes"),
    [(KIB, PASSES), (KIB // 2, 2), (KIB, 1), (64, 1), (KIB * 2, 1), (7 * 1024, 5)],
)
async def test_a_wrong_password_costs_what_an_unknown_user_costs(
    hasher: Argon2PasswordHasher, work: list[int], kib: int, passes: int
) -> None:
    password_hash = await a_hash(kib, passes)

    costs = []
    for known in (password_hash, None, "", "!", "$argon2id$v=19$m=19456,t=2,p=1$x$y"):
        work.clear()
        assert not await hasher.verify("a-wrong-password", known)
        costs.append(sum(work))

    assert max(costs) == KIB * PASSES
    assert min(costs) >= 0.999 * max(costs)


async def test_the_right_password_costs_no_more_than_its_hash(hasher: Argon2PasswordHasher, work: list[int]) -> None:
    password_hash = await a_hash(64, 1)
    work.clear()

    assert await hasher.verify("a-good-password", password_hash)
    assert work == [64]
