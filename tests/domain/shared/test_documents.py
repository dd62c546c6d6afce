import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.shared.checks import Checks
from domain.shared.documents import DEEPEST, check_document
from domain.shared.errors import InvalidError

LONGEST = 100
PLAIN = st.none() | st.booleans() | st.integers(-(1 << 53), 1 << 53) | st.text(st.characters(exclude_characters="\0"))
DOCUMENTS = st.dictionaries(
    st.text(max_size=5),
    st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=15),
)


def nested(levels: int) -> dict[str, Any]:
    return {"a": nested(levels - 1)} if levels > 1 else {}


def is_kept(document: dict[str, Any], longest: int = LONGEST) -> bool:
    checks = Checks()
    check_document(checks, "settings", document, longest=longest)
    try:
        checks.done()
    except InvalidError:
        return False
    return True


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"a": [1, 2.5, -0.0, True, None, "ä€😀", {}]},
        {"a": 1 << 53, "b": -(1 << 53), "c": float(1 << 53)},
        {"a": "x" * (LONGEST - 8)},
        {"ä": "ä" * ((LONGEST - 9) // 2)},
        nested(16),
    ],
)
def test_keeps_what_a_database_keeps(document: dict[str, Any]) -> None:
    assert is_kept(document)


@pytest.mark.parametrize(
    "document",
    [
        {"a": "x" * (LONGEST - 7)},
        {"a": [0] * 48},
        {"a": 1e-99},
        {"a": 1e16},
        {"a": float("inf")},
        {"a": float("nan")},
        {"a": (1 << 53) + 1},
        {"a": ["\0"]},
        {"\0": 1},
        {"a": "\ud800"},
        {"a": {"\udfff": 1}},
    ],
    ids=repr,
)
def test_refuses_what_would_not_come_back_as_it_was(document: dict[str, Any]) -> None:
    assert not is_kept(document)


def test_has_a_depth_that_every_reader_can_follow() -> None:
    assert is_kept(nested(DEEPEST), longest=10_000)
    assert not is_kept(nested(DEEPEST + 1), longest=10_000)
    assert not is_kept(nested(500), longest=10_000)


@given(DOCUMENTS, st.integers(0, 200))
def test_counts_the_bytes_of_compact_json(document: dict[str, Any], longest: int) -> None:
    try:
        size = len(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())
    except UnicodeEncodeError:
        size = longest + 1
    if "\\u0000" not in json.dumps(document):
        assert is_kept(document, longest) == (size <= longest)
