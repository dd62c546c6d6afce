from collections.abc import Iterator

from dishka import Provider, provide
from dishka import Scope as Lifetime

from adapters.crypto.passwords import Argon2PasswordHasher
from adapters.memory.identity import PlainPasswordHasher
from application.identity.ports import PasswordHasher
from entrypoints.settings import Settings


class StrongPasswords(Provider):
    @provide(scope=Lifetime.APP)
    def hasher(self, settings: Settings) -> Iterator[PasswordHasher]:
        hasher = Argon2PasswordHasher(
            threads=settings.password_threads,
            memory_kib=settings.password_memory_kib,
            passes=settings.password_passes,
        )
        yield hasher
        hasher.close()


class PlainPasswords(Provider):
    """For tests that are not about passwords."""

    @provide(scope=Lifetime.APP)
    def hasher(self) -> PasswordHasher:
        return PlainPasswordHasher()
