"""Reading requests: every wrong field is found and named at once."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final, Generic, TypeVar, get_args
from urllib.parse import parse_qsl

import msgspec
from litestar import Request
from litestar.dto import AbstractDTO
from litestar.exceptions import HTTPException
from litestar.status_codes import HTTP_415_UNSUPPORTED_MEDIA_TYPE

from domain.shared.errors import InvalidError

T = TypeVar("T")

_PLACE: Final = re.compile(r" - at `\$\.?(?P<rest>.*)`$")
_BODY: Final = "body"
NO_NUL: Final = r"^[^\x00]*$"
"""The pattern of text that PostgreSQL can hold."""
_NO_JSON: Final = (msgspec.DecodeError, ValueError, RecursionError)
"""Besides its own error: bytes that are no UTF-8, numbers of thousands of digits, thousands of brackets."""


class UnsupportedMediaTypeError(HTTPException):
    status_code = HTTP_415_UNSUPPORTED_MEDIA_TYPE


class MalformedError(InvalidError):
    code = "malformed"


class StrictJson(AbstractDTO[T], Generic[T]):
    """Reads a JSON body into a Struct: one pass when it is sound, field by field when it is not."""

    def __init__(self, asgi_connection: Any) -> None:
        super().__init__(asgi_connection)
        kind = asgi_connection.headers.get("content-type", "application/json")
        if kind.partition(";")[0].strip().lower() != "application/json":
            raise UnsupportedMediaTypeError("send application/json")

    def decode_bytes(self, value: bytes) -> T:
        return read_json(value, self.model_type)

    @classmethod
    def generate_field_definitions(cls, model_type: type[Any]) -> Any:  # noqa: ARG003  Litestar's signature
        """Nothing is renamed or left out: the Struct is the wire."""
        yield from ()

    @classmethod
    def detect_nested_field(cls, field_definition: object) -> bool:  # noqa: ARG003  Litestar's signature
        return False

    @classmethod
    def create_openapi_schema(cls, field_definition: Any, handler_id: str, schema_creator: Any) -> Any:  # noqa: ARG003  Litestar's signature
        return schema_creator.for_field_definition(field_definition)

    @classmethod
    def create_for_field_definition(cls, *args: object, **kwargs: object) -> None:
        """No code is generated: `decode_bytes` does it all."""


def read_json(body: bytes, kind: type[T]) -> T:
    """Raise `MalformedError` for what is no JSON object, `InvalidError` with every wrong field."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise InvalidError(_problems(_json_object(body), kind, strict=True)) from error
    except _NO_JSON as error:
        raise MalformedError({_BODY: [f"is not JSON: {error}"]}) from error


def _json_object(body: bytes) -> dict[str, Any]:
    """All of it: the first pass has stopped at the first wrong field."""
    try:
        raw = msgspec.json.decode(body)
    except _NO_JSON as error:
        raise MalformedError({_BODY: [f"is not JSON: {error}"]}) from error
    if not isinstance(raw, dict):
        raise MalformedError({_BODY: ["must be a JSON object"]})
    return raw


def read_query(query: bytes, kind: type[T]) -> T:
    """Raise `InvalidError` with every unknown, repeated or wrong parameter."""
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise MalformedError({"query": ["is not a query string in UTF-8"]}) from error
    raw = dict(pairs)
    problems = {name: ["is given more than once"] for name, given in Counter(n for n, _ in pairs).items() if given > 1}
    try:
        read = msgspec.convert(raw, kind, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidError(_problems(raw, kind, strict=False) | problems) from error
    problems |= {name: ["is out of range"] for name in raw if not _is_sound(getattr(read, name))}
    if problems:
        raise InvalidError(problems)
    return read


def _is_sound(value: object) -> bool:
    """What msgspec lets pass: `null` for a parameter that can be left out, and times that have no UTC."""
    try:
        return value is not None and (not isinstance(value, datetime) or bool(value.astimezone(UTC)))
    except OverflowError:
        return False


def from_query(kind: type[T]) -> Callable[[Request[Any, Any, Any]], T]:
    """A Litestar dependency that reads the whole query string into a Struct."""

    def read(request: Request[Any, Any, Any]) -> T:
        return read_query(request.scope["query_string"], kind)

    return read


def in_utc(name: str, time: datetime | None) -> datetime | None:
    """Raise `InvalidError` for a time that only another time zone can express."""
    try:
        return time and time.astimezone(UTC)
    except OverflowError as error:
        raise InvalidError({name: ["is out of range"]}) from error


def _problems(raw: dict[str, Any], kind: type[Any], *, strict: bool) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name in raw.keys() - fields.keys():
        problems[name] = ["is not a field of this resource" if strict else "is not a parameter"]
    for name, field in fields.items():
        if name not in raw:
            if field.required:
                problems[name] = ["is required"]
            continue
        try:
            msgspec.convert(raw[name], field.type, strict=strict)
        except msgspec.ValidationError as error:
            problems[name] = [_said(str(error), field.type)]
    return problems


def _said(message: str, kind: Any) -> str:
    """What msgspec says of a value, in the words of whoever sent it."""
    text = _PLACE.sub("", message)
    if NO_NUL in text.replace("\\\\", "\\"):
        return "may have no NUL character"
    if text.startswith("Invalid enum value"):
        return f"{text[:1].lower()}{text[1:]}: it is one of {', '.join(_values(kind))}"
    return text[:1].lower() + text[1:]


def _values(kind: Any) -> list[str]:
    """The values of an enum, also of one that can be left out."""
    kinds = [kind, *get_args(kind)]
    return [value.value for one in kinds if isinstance(one, type) and issubclass(one, Enum) for value in one]
