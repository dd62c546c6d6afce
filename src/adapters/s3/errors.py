"""What the library raises, and what of it means that the store does not answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from application.files.store import FileStoreUnavailableError

_MISSING: Final = ("NoSuchKey", "NoSuchUpload", "404", "NotFound")
_CLOSED_TO_US: Final = ("NoSuchBucket", "InvalidAccessKeyId", "SignatureDoesNotMatch", "AccessDenied", "SlowDown")
_OUTAGES: Final = (401, 403, 408, 429)
_SERVER_ERRORS: Final = 500


@contextmanager
def reached() -> Iterator[None]:
    """Turn whatever says that the store cannot be used now into `FileStoreUnavailableError`."""
    try:
        yield
    except Exception as error:
        if not _is_outage(error):
            raise
        raise FileStoreUnavailableError from error


def is_missing(error: ClientError) -> bool:
    """There is no such object, or no such upload in parts."""
    return _code(error) in _MISSING


def is_there_already(error: ClientError) -> bool:
    return _code(error) in ("PreconditionFailed", "ConditionalRequestConflict")


def is_of_another_part(error: ClientError) -> bool:
    """A part is not what it was named to be."""
    return _code(error) == "InvalidPart"


def outage(error: BaseException) -> str:
    """In a few words, and none of the store's own: they may name keys."""
    code = _code(error) if isinstance(error, ClientError) else ""
    return f"{type(error).__name__} {code}".strip()


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _is_outage(error: Exception) -> bool:
    if isinstance(error, ClientError):
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        return status >= _SERVER_ERRORS or status in _OUTAGES or _code(error) in _CLOSED_TO_US
    if isinstance(error, BotoCoreError):
        return not isinstance(error, ParamValidationError)
    from aiohttp import ClientError as BrokenStreamError  # noqa: PLC0415  loaded by then; commands start without it

    return isinstance(error, BrokenStreamError | OSError | TimeoutError)
