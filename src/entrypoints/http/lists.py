from dataclasses import dataclass
from typing import Annotated, Any, Final, Generic, TypeVar
from urllib.parse import parse_qsl, urlencode

import msgspec
from litestar import Request
from litestar.openapi.spec import Operation, Parameter, Schema
from msgspec import Meta, Struct

from application.shared.page import Page, PageRequest
from entrypoints.http.context import RequestContext

T = TypeVar("T")

LARGEST_PAGE: Final = 100
_SPEC: Final = {
    "type": "type",
    "format": "format",
    "enum": "enum",
    "pattern": "pattern",
    "minimum": "minimum",
    "maximum": "maximum",
    "minLength": "min_length",
    "maxLength": "max_length",
}


class PageQuery(Struct, forbid_unknown_fields=True, frozen=True):
    """The parameters of every list."""

    page: Annotated[int, Meta(ge=1, le=1_000_000, description="Which page, from 1.")] = 1
    page_size: Annotated[int, Meta(ge=1, le=LARGEST_PAGE, description="How many results a page has at most.")] = 20

    @property
    def slice(self) -> PageRequest:
        return PageRequest(number=self.page, size=self.page_size)


class ListResponse(Struct, Generic[T]):
    """A page of a list. `count` is of all that match; `next` and `previous` are absolute URLs."""

    count: int
    next: str | None
    previous: str | None
    results: list[T]


def listed(page: Page[T], query: PageQuery, request: Request[Any, Any, Any]) -> ListResponse[T]:
    return ListResponse(
        page.count,
        _url(request, query.page + 1) if query.page * query.page_size < page.count else None,
        _url(request, query.page - 1) if query.page > 1 else None,
        page.results,
    )


def _url(request: Request[Any, Any, Any], page: int) -> str:
    context: RequestContext = request.scope["state"]["context"]
    query = request.scope["query_string"]
    if not query:
        return f"{context.origin}{context.path}?page={page}"
    rest = [pair for pair in parse_qsl(query.decode(), keep_blank_values=True) if pair[0] != "page"]
    return f"{context.origin}{context.path}?{urlencode([*rest, ('page', str(page))])}"


def listing(query: type[Struct]) -> type[Operation]:
    """The OpenAPI operation of a list, with a parameter for every field of `query`."""
    parameters = [_parameter(field) for field in msgspec.structs.fields(query)]

    @dataclass
    class ListOperation(Operation):
        def __post_init__(self) -> None:
            self.parameters = [*(self.parameters or []), *parameters]

    return ListOperation


def _parameter(field: msgspec.structs.FieldInfo) -> Parameter:
    whole = msgspec.json.schema(field.type)
    schema = next((o for o in whole.get("anyOf", []) if o.get("type") != "null"), whole)
    if "$ref" in schema:
        schema = whole["$defs"][schema["$ref"].rpartition("/")[2]]
    spec = {_SPEC[key]: value for key, value in schema.items() if key in _SPEC}
    if field.default is not msgspec.NODEFAULT and field.default is not None:
        spec["default"] = field.default
    return Parameter(
        name=field.encode_name,
        param_in="query",
        required=field.required,
        schema=Schema(**spec),
        description=schema.get("description"),
    )
