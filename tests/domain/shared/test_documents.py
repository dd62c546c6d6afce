from typing import Any

import pytest

from domain.shared.checks import Checks, together
from domain.shared.documents import check_document
from domain.shared.errors import InvalidError


def check(document: Any, longest: int = 100) -> None:
    checks = Checks()
    check_document(checks, "metadata", document, longest=longest)
    checks.done()


def nested(depth: int) -> Any:
    document: Any = []
    for _ in range(depth):
        document = [document]
    return {"x": document}


@pytest.mark.parametrize("document", [{}, {"a": [1, 2.5, None, True, {"b": "ü"}]}, {"x": "é" * 45}])
def test_takes_any_object(document: Any) -> None:
    check(document)


@pytest.mark.parametrize(
    "document",
    [{"x": "é" * 46}, {"x": "\0"}, {"\0": 1}, {"x": [{"y": "\udfff"}]}, {"x": float("nan")}, nested(100_000)],
)
def test_refuses_what_is_large_or_cannot_be_kept(document: Any) -> None:
    with pytest.raises(InvalidError) as caught:
        check(document)
    assert list(caught.value.details) == ["metadata"]


def test_checks_that_are_run_together_tell_all_that_is_wrong() -> None:
    def refuse(field: str) -> None:
        raise InvalidError({field: ["is wrong"]})

    with pytest.raises(InvalidError) as caught:
        together(lambda: refuse("a"), lambda: None, lambda: refuse("b"), lambda: refuse("a"))
    assert caught.value.details == {"a": ["is wrong", "is wrong"], "b": ["is wrong"]}
    together(lambda: None)
