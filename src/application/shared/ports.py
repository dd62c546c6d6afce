from datetime import datetime
from types import TracebackType
from typing import Protocol
from uuid import UUID


class UnitOfWork(Protocol):
    """One transaction: commits when the block ends, rolls back when it raises. Not nestable."""

    async def __aenter__(self) -> None: ...

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None: ...


class Clock(Protocol):
    def __call__(self) -> datetime:
        """The time now, in UTC."""
        ...


class NewId(Protocol):
    def __call__(self) -> UUID:
        """A UUIDv7: later ids sort after earlier ones."""
        ...


class NewSecret(Protocol):
    def __call__(self) -> str:
        """A token of 256 random bits, of letters that need no quoting in a URL."""
        ...
