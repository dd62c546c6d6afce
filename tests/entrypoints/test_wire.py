from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, Struct

from domain.shared.errors import InvalidError
from entrypoints.http.wire import MalformedError, read_json, read_query


class Colour(StrEnum):
    RED = "red"


class Plant(Struct, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=5)]
    height: int = 0
    colour: Colour | None = None
    owner: UUID | None = None
    tags: dict[str, list[str]] = {}


class PlantQuery(Struct, forbid_unknown_fields=True, frozen=True):
    page: Annotated[int, Meta(ge=1, le=100)] = 1
    search: str | None = None
    colour: Colour | None = None
    since: Annotated[datetime, Meta(tz=True)] | None = None


def wrong(body: bytes) -> dict[str, list[str]]:
    with pytest.raises(InvalidError) as caught:
        read_json(body, Plant)
    return dict(caught.value.details)


def wrong_query(query: bytes) -> dict[str, list[str]]:
    with pytest.raises(InvalidError) as caught:
        read_query(query, PlantQuery)
    return dict(caught.value.details)


def test_reads_a_body() -> None:
    assert read_json(b'{"name": "Ash", "colour": "red"}', Plant) == Plant("Ash", colour=Colour.RED)


def test_names_every_wrong_field() -> None:
    problems = wrong(b'{"name": 5, "height": "x", "colour": "blue", "owner": "me", "size": 1}')
    assert set(problems) == {"name", "height", "colour", "owner", "size"}
    assert problems["name"] == ["expected `str`, got `int`"]


def test_names_what_is_missing() -> None:
    assert wrong(b"{}") == {"name": ["is required"]}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"[]",
        b"null",
        b'"name"',
        b"NaN",
        b'{"name": NaN}',
        b'{"name": Infinity}',
        b'{"name": "\xff"}',
        b'{"name": "\\ud800"}',
        b'\xef\xbb\xbf{"name": "Ash"}',
        '{"name": "Ash"}'.encode("utf-16"),
        b'{"name": "Ash",}',
        b'{"name": "Ash"} {}',
        b"{'name': 'Ash'}",
        b'{"name": ' + b"[" * 100_000,
        b'{"name": "Ash", "tags": ' + b'{"a":' * 100_000,
        # Wrong in a field first, which ends the first look at it, and no JSON after that.
        b'{"name": 5, "x": NaN}',
        b'{"name": 5, "x": "\xff"}',
        b'{"name": 5, ',
        b'{"name": 5, "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"name": 5, "x": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_json_object_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedError):
        read_json(body, Plant)


@given(st.binary(max_size=200))
def test_no_bytes_make_reading_a_body_fail_otherwise(body: bytes) -> None:
    with pytest.raises(InvalidError):
        read_json(b"#" + body, Plant)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists))
def test_no_json_makes_reading_a_body_fail_otherwise(value: object) -> None:
    body = msgspec.json.encode({"name": value})
    if isinstance(value, str) and 1 <= len(value) <= 5:
        assert read_json(body, Plant).name == value
    else:
        assert set(wrong(body)) == {"name"}


def test_reads_a_query() -> None:
    asked = read_query(b"page=2&search=a+b%2Bc%26&colour=red&since=2026-01-01T00:00:00%2B01:00", PlantQuery)
    assert asked == PlantQuery(2, "a b+c&", Colour.RED, datetime(2025, 12, 31, 23, tzinfo=UTC))


def test_names_every_wrong_parameter_at_once() -> None:
    problems = wrong_query(b"page=0&colour=blue&size=1&search=a&search=b&since=yesterday")
    assert set(problems) == {"page", "colour", "size", "search", "since"}
    assert problems["search"] == ["is given more than once"]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        (b"page=", "page"),
        (b"page=one", "page"),
        (b"page=101", "page"),
        (b"page=" + b"9" * 5000, "page"),
        (b"page=%205", "page"),
        (b"colour=", "colour"),
        (b"colour=null", "colour"),
        (b"since=null", "since"),
        (b"since=2026-01-01", "since"),
        (b"since=2026-01-01T00:00:00", "since"),
        (b"since=2026-01-01T00:00:00+01:00", "since"),
        (b"since=0001-01-01T00:00:00%2B14:00", "since"),
        (b"since=9999-12-31T23:59:59-14:00", "since"),
        (b"page=1&page=1", "page"),
        (b"=1", ""),
        (b"search=%ff", "query"),
        (b"search=\xff", "query"),
    ],
)
def test_refuses_a_parameter(query: bytes, name: str) -> None:
    assert set(wrong_query(query)) == {name}


@pytest.mark.parametrize(("query", "search"), [(b"search=null", "null"), (b"search=", ""), (b"search=%zz", "%zz")])
def test_a_text_is_any_text(query: bytes, search: str) -> None:
    assert read_query(query, PlantQuery).search == search


@given(st.binary(max_size=100))
def test_no_bytes_make_reading_a_query_fail_otherwise(query: bytes) -> None:
    with suppress(InvalidError):
        read_query(query, PlantQuery)
