"""What goes wrong, on the wire. Kinds of refusal get their status here and nowhere else."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import asyncpg
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.status_codes import HTTP_500_INTERNAL_SERVER_ERROR
from msgspec import UNSET, Struct, UnsetType

from adapters.memory.database import MissingSchemaError
from domain.shared.errors import (
    ConflictError,
    DomainError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    RuleBrokenError,
    StaleError,
    ThrottledError,
    UnauthenticatedError,
    UnavailableError,
)
from entrypoints.database_lost import DATABASE_LOST, database_lost
from entrypoints.http.json_response import JsonResponse

log: Final = structlog.get_logger("taruvi.http")

STATUS_BY_KIND: Final = {
    InvalidError: HTTPStatus.BAD_REQUEST,
    UnauthenticatedError: HTTPStatus.UNAUTHORIZED,
    ForbiddenError: HTTPStatus.FORBIDDEN,
    NotFoundError: HTTPStatus.NOT_FOUND,
    ConflictError: HTTPStatus.CONFLICT,
    StaleError: HTTPStatus.PRECONDITION_FAILED,
    RuleBrokenError: HTTPStatus.UNPROCESSABLE_ENTITY,
    ThrottledError: HTTPStatus.TOO_MANY_REQUESTS,
    UnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
}
WHICH_METHODS: Final = "WHICH METHODS"
"""OPTIONS, as the application gets it: a method that no path has, so the refusal tells which ones it has.

Litestar's own answer to OPTIONS tells those of one handler of the path.
"""
_TITLES: Final = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Content Too Large",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Unprocessable Content",
}
_CODES: Final = {
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.REQUEST_TIMEOUT: "too_slow",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
}


class ErrorResponse(Struct, omit_defaults=True):
    """Every error. `code` is stable, for programs; `detail` is a sentence, for people.

    `details` is there when `code` is about input: each wrong field with its messages, all at once.
    """

    error: str
    code: str
    detail: str | UnsetType = UNSET
    details: dict[str, list[str]] | UnsetType = UNSET


class SiteUnavailableError(UnavailableError):
    code = "site_suspended"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal as it goes out."""

    status: HTTPStatus
    headers: dict[str, str]
    body: ErrorResponse


def title_of(status: HTTPStatus) -> str:
    """The reason phrase of RFC 9110; Python knew older ones before 3.13."""
    return _TITLES.get(status, status.phrase)


def refusal_of(error: DomainError) -> Refusal:
    status = next(status for kind, status in STATUS_BY_KIND.items() if isinstance(error, kind))
    if isinstance(error, InvalidError):
        body = ErrorResponse("Validation failed", error.code, details=error.details)
    else:
        body = ErrorResponse(title_of(status), error.code, detail=_sentence(str(error)))
    return Refusal(status, _headers_of(error), body)


def refuse(_: Request[Any, Any, Any], error: DomainError) -> JsonResponse[ErrorResponse]:
    return _sent(refusal_of(error))


def refuse_http(request: Request[Any, Any, Any], error: HTTPException) -> JsonResponse[Any]:
    """What Litestar itself refuses: routes, methods, bodies."""
    if error.status_code >= HTTP_500_INTERNAL_SERVER_ERROR:
        return fail(request, error)
    if isinstance(error, ValidationException):
        return refuse(request, InvalidError(_details(error.extra)))
    status = HTTPStatus(error.status_code)
    if request.scope.get("method") == WHICH_METHODS and status == HTTPStatus.METHOD_NOT_ALLOWED:
        return JsonResponse(None, status_code=HTTPStatus.NO_CONTENT, headers=error.headers)
    code = _CODES.get(status, "malformed")
    body = ErrorResponse(title_of(status), code, detail=_sentence(error.detail))
    return JsonResponse(body, status_code=status, headers=error.headers)


def defect(error: Exception) -> Refusal:
    """A defect of ours: the log has everything, the client the request's id alone (a header)."""
    log.error("unhandled error", exc_info=error)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return Refusal(
        status, {}, ErrorResponse(title_of(status), "internal_error", detail="Quote X-Request-ID to the operator.")
    )


def fail(_: Request[Any, Any, Any], error: Exception) -> JsonResponse[ErrorResponse]:
    return _sent(defect(error))


def vanish(request: Request[Any, Any, Any], error: Exception) -> JsonResponse[ErrorResponse]:
    """A site was renamed or deleted under a running request: its schema is no longer there."""
    log.warning("the site's schema went away under a request", reason=str(error))
    return refuse(request, UnavailableError("the site is being moved; try again", retry_after=1))


def lose_database(request: Request[Any, Any, Any], error: Exception) -> JsonResponse[ErrorResponse]:
    log.warning("the database cannot be used", reason=repr(error))
    return refuse(request, database_lost())


def _sent(refusal: Refusal) -> JsonResponse[ErrorResponse]:
    return JsonResponse(refusal.body, status_code=refusal.status, headers=refusal.headers)


def _details(extra: Any) -> dict[str, list[str]]:
    """What Litestar says of the parameters of a handler; `data` is its name for the body."""
    problems = [one for one in extra or () if isinstance(one, dict)]
    return {_BODY.get(str(one.get("key")), str(one.get("key"))): [_told(one)] for one in problems}


def _told(problem: dict[str, Any]) -> str:
    """Of a body that is missing it says the name alone."""
    message = str(problem.get("message"))
    return "is required" if message.strip("'") in _BODY else message


def _headers_of(error: DomainError) -> dict[str, str]:
    if isinstance(error, UnauthenticatedError):
        return {"WWW-Authenticate": f'Bearer realm="taruvi", error="{error.code}"'}
    if isinstance(error, ThrottledError | UnavailableError):
        return {"Retry-After": str(error.retry_after)}
    return {}


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "!", "?")) else ".")


_BODY: Final = {"data": "body"}

EXCEPTION_HANDLERS: Final[dict[int | type[Exception], Callable[[Request[Any, Any, Any], Any], Response[Any]]]] = {
    DomainError: refuse,
    HTTPException: refuse_http,
    MissingSchemaError: vanish,
    asyncpg.UndefinedTableError: vanish,
    asyncpg.InvalidSchemaNameError: vanish,
    **dict.fromkeys(DATABASE_LOST, lose_database),
    Exception: fail,
}
