from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identity.login import folded
from domain.identity.user import LinkedUserError
from domain.shared.errors import InvalidError
from tests.domain.identity.people import NOON, a_user


@pytest.mark.parametrize("username", ["a", "Ada", "ada.lovelace", "ada+test", "a-b_c", "0", "a" * 150])
def test_accepts_a_username(username: str) -> None:
    assert a_user(username=username).username == username


@pytest.mark.parametrize(
    "username",
    [
        "",
        " ",
        "ada lovelace",
        "ada@home",
        "ada\n",
        "ada\0",
        "a" * 151,
        "äda",
        "\u0430da",
        "ad\u0130",
        "\u212aim",
        "\ud800",
    ],
)
def test_refuses_a_username_that_is_blank_long_or_not_plain_ascii(username: str) -> None:
    with pytest.raises(InvalidError) as refused:
        a_user(username=username)

    assert list(refused.value.details) == ["username"]


@pytest.mark.parametrize("email", ["ada@example.org", "a.b+c@x", "O'Neil@example.org", "a@xn--bcher-kva.example"])
def test_accepts_an_address(email: str) -> None:
    assert a_user(email=email).email == email


@pytest.mark.parametrize(
    "email",
    [
        *("", "ada", "@example.org", "ada@", "a@b@c", "a b@c", "ada@example.org\n", "<ada@example.org>", "a,b@c"),
        *("ada\0@example.org", "ädä@example.org", "ada@büch.er", "a" * 65 + "@example.org", "a@" + "b" * 253),
    ],
)
def test_refuses_what_is_no_address(email: str) -> None:
    with pytest.raises(InvalidError) as refused:
        a_user(email=email)

    assert list(refused.value.details) == ["email"]


def test_names_every_wrong_field_at_once() -> None:
    with pytest.raises(InvalidError) as refused:
        a_user(username="", email="", first_name="a\tb", last_name="x" * 151)

    assert set(refused.value.details) == {"username", "email", "first_name", "last_name"}


def test_a_login_changes_the_time_and_the_hash_alone() -> None:
    user = a_user()
    later = NOON + timedelta(hours=1)

    assert user.logged_in(at=later, password_hash="new") == replace(user, last_login_at=later, password_hash="new")


def test_a_new_password_makes_all_tokens_worthless() -> None:
    user = a_user(token_version=4, version=2)
    later = NOON + timedelta(hours=1)

    expected = replace(user, password_hash="new", token_version=5, version=3, updated_at=later)
    assert user.change_password("new", at=later) == expected


def test_the_end_of_access_makes_all_tokens_worthless() -> None:
    user = a_user()
    later = NOON + timedelta(hours=1)

    assert user.end_access(at=later) == replace(user, token_version=2, version=2, updated_at=later)


def test_case_does_not_tell_two_logins_apart() -> None:
    assert folded("Ada@Example.ORG") == "ada@example.org"


@pytest.mark.parametrize("lookalike", ["\u212aim", "adm\u0130n", "adm\u0131n", "ru\u017f"])
def test_no_letter_from_elsewhere_folds_into_a_name(lookalike: str) -> None:
    assert not folded(lookalike).isascii()


@given(st.text())
def test_folding_twice_is_folding_once(login: str) -> None:
    assert folded(folded(login)) == folded(login)


def test_a_linked_user_has_no_password_to_prove_or_to_change() -> None:
    linked = a_user(linked_user_id=a_user(2).id)

    assert (a_user().proof, linked.proof) == ("plain:a-good-password", None)
    a_user().require_password()
    for refuse in (linked.require_password, lambda: linked.change_password("plain:x", at=NOON)):
        with pytest.raises(LinkedUserError):
            refuse()


def test_a_new_name_of_who_entered_is_a_new_version_and_the_same_one_is_not() -> None:
    linked = a_user(linked_user_id=a_user(2).id)
    later = NOON + timedelta(hours=1)

    same = linked.entered(first_name="", last_name="", at=later)
    renamed = linked.entered(first_name="Ada", last_name="King", at=later)

    assert same == replace(linked, last_login_at=later)
    assert renamed == replace(same, first_name="Ada", last_name="King", updated_at=later, version=2)
