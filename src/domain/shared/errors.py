"""The kinds of refusal. Leaf errors live beside what they are about; entrypoints give each kind a status."""

from collections.abc import Mapping, Sequence
from typing import ClassVar


class DomainError(Exception):
    """The business refused. The message says why; `code` is public and stable."""

    code: ClassVar[str] = "refused"


class InvalidError(DomainError):
    """Input that no state of the system could accept.

    `details` maps each wrong field to its messages; every wrong field is in it.
    """

    code = "invalid"

    def __init__(self, details: Mapping[str, Sequence[str]]) -> None:
        self.details = {field: list(messages) for field, messages in details.items()}
        super().__init__("; ".join(f"{field}: {' '.join(texts)}" for field, texts in self.details.items()))


class UnauthenticatedError(DomainError):
    """Nobody known is asking."""

    code = "not_authenticated"


class ForbiddenError(DomainError): ...


class NotFoundError(DomainError): ...


class ConflictError(DomainError): ...


class StaleError(DomainError):
    """The caller decided on a version that is no longer the newest."""

    code = "stale_version"


class RuleBrokenError(DomainError):
    """Well-formed input that a rule of the business refuses now."""


class ThrottledError(DomainError):
    """Too many attempts. `retry_after` is in whole seconds, `resets_at` in seconds since the epoch."""

    code = "throttled"

    def __init__(self, message: str, *, limit: int, resets_at: int, retry_after: int) -> None:
        self.limit = limit
        self.resets_at = resets_at
        self.retry_after = retry_after
        super().__init__(message)


class UnavailableError(DomainError):
    """Right now it cannot be done; later it can. `retry_after` is in whole seconds."""

    code = "unavailable"

    def __init__(self, message: str, *, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(message)
