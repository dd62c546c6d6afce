"""What operations answer, for the OpenAPI document."""

from http import HTTPStatus
from typing import Any, Final

from litestar.datastructures import ResponseHeader
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example

from entrypoints.http.errors import ErrorResponse, title_of

_MEANINGS: Final = {
    400: ("Input that is wrong, every wrong field at once.", "invalid"),
    401: ("Nobody known is asking.", "token_not_valid"),
    403: ("The caller may not do this.", "not_permitted"),
    404: ("It is not there, or not for this caller.", "not_found"),
    408: ("The body did not arrive in time.", "too_slow"),
    409: ("It clashes with what is there.", "slug_taken"),
    412: ("It has changed since the caller read it.", "stale_version"),
    413: ("The body is larger than is accepted.", "too_large"),
    415: ("The body is not JSON.", "unsupported_media_type"),
    422: ("A rule of the business refuses it.", "site_status"),
    429: ("Too many attempts; see Retry-After.", "throttled"),
    500: ("A defect of the service.", "internal_error"),
    503: ("Not now; see Retry-After.", "site_suspended"),
}
_ALWAYS: Final = (404, 503)
"""An unknown host, or a resource of the other kind of host; a suspended site."""
_WITH_BODY: Final = (400, 408, 413, 415)

Responses = dict[int, ResponseSpec]


def answers(*statuses: int, signed_in: bool = True, permitted: bool = True, body: bool = False) -> Responses:
    """The refusals of one operation, besides those that all have. `permitted`: it takes a permission."""
    all_of = {
        *statuses,
        *_ALWAYS,
        *((401,) if signed_in else ()),
        *((403,) if signed_in and permitted else ()),
        *(_WITH_BODY if body else ()),
    }
    return {status: _spec(status) for status in sorted(all_of)}


def replaced(view: type[Any]) -> Responses:
    """What a POST answers where there was one already that it replaces."""
    return {200: ResponseSpec(view, generate_examples=False)}


def _spec(status: int) -> ResponseSpec:
    meaning, code = _MEANINGS[status]
    body: dict[str, Any] = {"error": title_of(HTTPStatus(status)), "code": code}
    if status == HTTPStatus.BAD_REQUEST:
        body = {"error": "Validation failed", "code": code, "details": {"name": ["is required"]}}
    else:
        body["detail"] = meaning
    return ResponseSpec(
        ErrorResponse,
        generate_examples=False,
        description=meaning,
        examples=[Example(id=code, value=body)],
    )


ETAG: Final = ResponseHeader(name="ETag", description="The version of the resource.", documentation_only=True)
JOB_LOCATION: Final = ResponseHeader(name="Location", description="Where the job is.", documentation_only=True)
LOCATION: Final = ResponseHeader(name="Location", description="Where the new resource is.", documentation_only=True)
