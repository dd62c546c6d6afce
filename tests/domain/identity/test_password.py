import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identity.password import LONGEST, SHORTEST, check_password
from domain.shared.errors import InvalidError


def problems(password: str, field: str = "new_password") -> list[str]:
    """What is wrong with it, for the user `margaret.hamilton`."""
    try:
        check_password(password, username="margaret.hamilton", email="hamilton@example.org", field=field)
    except InvalidError as error:
        return error.details.pop(field) + [f"{other}?" for other in error.details]
    return []


@pytest.mark.parametrize("password", ["a-good-password", "pass word\0with\ta NUL", "пароль-пароль", "🦀" * 9 + "!"])
def test_accepts_a_good_password(password: str) -> None:
    assert problems(password) == []


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("123456789", "needs at least 10 characters"),
        ("x" * 128 + "y", "may have at most 128 characters"),
        ("Password123", "is too common"),
        ("Margaret.Hamilton", "is too much like your name"),
        ("HAMILTON@example.org", "is too much like your name"),
        ("zzzzzzzzzzz", "is one character over and over"),
        ("a-good-\ud800password", "may have no half of a surrogate pair"),
    ],
)
def test_refuses_a_bad_password_and_says_why(password: str, message: str) -> None:
    assert problems(password) == [message]


def test_tells_everything_that_is_wrong_on_the_field_that_was_given() -> None:
    assert problems("aaa", field="password") == ["needs at least 10 characters", "is one character over and over"]


@given(st.text())
def test_never_fails_in_another_way_and_keeps_to_the_lengths(password: str) -> None:
    if not problems(password):
        assert SHORTEST <= len(password) <= LONGEST
        assert password.encode()
