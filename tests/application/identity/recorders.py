"""Ports that remember what they were asked."""

from collections.abc import Callable

from adapters.memory.identity import PlainPasswordHasher
from application.identity.ports import LoginThrottle
from application.identity.views import Allowance
from domain.shared.errors import ThrottledError


class RecordingHasher(PlainPasswordHasher):
    """Tells what was verified against which hash; `meanwhile` runs once, during the next verification."""

    def __init__(self) -> None:
        self.verified: list[tuple[str, str | None]] = []
        self.hashed: list[str] = []
        self.meanwhile: Callable[[], None] | None = None

    async def hash(self, password: str) -> str:
        self.hashed.append(password)
        return await super().hash(password)

    async def verify(self, password: str, password_hash: str | None) -> bool:
        self.verified.append((password, password_hash))
        verified = await super().verify(password, (password_hash or "").removeprefix("old:"))
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        return verified


class RecordingThrottle(LoginThrottle):
    """Admits all until it is `shut`."""

    def __init__(self) -> None:
        self.admitted: list[tuple[str, str]] = []
        self.forgiven: list[tuple[str, str]] = []
        self.shut = False

    async def admit(self, login: str, address: str) -> Allowance:
        if self.shut:
            raise ThrottledError("wait", limit=1, resets_at=0, retry_after=1)
        self.admitted.append((login, address))
        return Allowance(limit=1, remaining=0, resets_at=0)

    async def forgive(self, login: str, address: str) -> None:
        self.forgiven.append((login, address))
