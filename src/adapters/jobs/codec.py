"""Between the arguments of use cases and what a row keeps of them."""

from collections.abc import Mapping
from functools import lru_cache
from inspect import signature
from typing import Any, Final, Protocol, get_type_hints

import msgspec

from application.jobs.kinds import JobKind
from application.jobs.ports import JobCodec, UnreadableJobError
from domain.jobs.job import JobId

_SEALED: Final = "sealed"


class Sealer(Protocol):
    """Makes text unreadable for all but the processes of this deployment; `about` is what it belongs to."""

    def seal(self, plain: bytes, *, about: str) -> str: ...

    def open(self, sealed: str, *, about: str) -> bytes:
        """Raise `ValueError` for what was not sealed here, or about something else, `SealedElsewhereError`."""
        ...


class MsgspecJobCodec(JobCodec):
    """Reads by the type hints of the use case, strictly: what a release does not know is an error, not a guess."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def write(self, kind: JobKind, job_id: JobId, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        signature(kind.use_case.__call__).bind(None, **arguments)
        plain: dict[str, Any] = msgspec.to_builtins(dict(arguments), str_keys=True)
        if not kind.is_sealed:
            return plain
        return {_SEALED: self._sealer.seal(msgspec.json.encode(plain), about=str(job_id))}

    def read(self, kind: JobKind, job_id: JobId, stored: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            if kind.is_sealed:
                sealed = msgspec.convert(stored[_SEALED], str)
                stored = msgspec.json.decode(self._sealer.open(sealed, about=str(job_id)))
            hints = _hints(kind)
            arguments = {name: msgspec.convert(value, hints[name], str_keys=True) for name, value in stored.items()}
            signature(kind.use_case.__call__).bind(None, **arguments)
        except (ValueError, KeyError, TypeError) as error:
            told = f"the arguments of {kind.name} cannot be read: {type(error).__name__}"
            raise UnreadableJobError(told) from (None if kind.is_sealed else error)
        return arguments

    def result(self, returned: object) -> Mapping[str, Any] | None:
        if returned is None:
            return None
        plain: Mapping[str, Any] = msgspec.to_builtins(returned, str_keys=True)
        return plain


@lru_cache
def _hints(kind: JobKind) -> Mapping[str, Any]:
    return get_type_hints(kind.use_case.__call__)
