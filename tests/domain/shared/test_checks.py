import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.shared.checks import Checks, is_printable, is_text
from domain.shared.errors import InvalidError

ANY_TEXT = st.text(st.characters(codec=None, categories=["Cs", "Cc", "L", "N", "P", "Z", "S"]))


def problems(checks: Checks) -> dict[str, list[str]]:
    try:
        checks.done()
    except InvalidError as error:
        return error.details
    return {}


def test_nothing_wrong_raises_nothing() -> None:
    checks = Checks()
    checks.require("name", "must be there", holds=True)
    checks.done()


def test_collects_all_messages_of_all_fields() -> None:
    checks = Checks()
    checks.require("a", "first", holds=False)
    checks.require("b", "other", holds=False)
    checks.require("a", "second", holds=False)

    with pytest.raises(InvalidError, match="a: first second; b: other") as refused:
        checks.done()
    assert refused.value.details == {"a": ["first", "second"], "b": ["other"]}


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("Moon", []),
        ("x" * 10, []),
        ("  ", ["may not be blank"]),
        ("x" * 11, ["may have at most 10 characters"]),
        ("a\nb", ["may have no control characters"]),
        ("a\0b", ["may have no control characters"]),
        ("a\ud800b", ["may have no control characters"]),
    ],
)
def test_a_line_has_something_in_it_and_no_control_characters(text: str, messages: list[str]) -> None:
    checks = Checks()
    checks.line("name", text, longest=10)

    assert problems(checks).get("name", []) == messages


@pytest.mark.parametrize(("text", "sound"), [("", True), ("a\tb\r\nc", True), ("a\x0bb", False), ("x" * 21, False)])
def test_prose_may_have_line_ends(text: str, sound: bool) -> None:
    checks = Checks()
    checks.prose("about", text, longest=20)

    assert (not problems(checks)) is sound


@given(ANY_TEXT)
def test_text_is_what_can_be_written_as_utf_8(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        assert not is_text(text)
    else:
        assert is_text(text)


@given(ANY_TEXT)
def test_what_is_printable_is_text_without_control_characters(text: str) -> None:
    assert is_printable(text) is not any(unicodedata.category(one) in {"Cc", "Cs"} for one in text)


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("ada@example.org", True),
        ("o'neil+x=1@xn--bcher-kva.example", True),
        ("ada@localhost", True),
        ("a@=?utf-8?q?x=0d=0aBcc=3a_eve?=", False),
        ("=?utf-8?q?eve=40example.net=2C?=@example.org", False),
        ("ada@example..org", False),
        ("ada@-example.org", False),
        ("ada@example.org\n", False),
        ("a@" + ".".join(["b" * 63] * 3), False),
        ("ä@example.org", False),
    ],
)
def test_an_address_is_at_a_host_name_and_means_nothing_else_in_a_header(text: str, sound: bool) -> None:
    checks = Checks()
    checks.email("email", text)

    assert problems(checks) == ({} if sound else {"email": ["is not an email address"]})
