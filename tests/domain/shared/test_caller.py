from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.shared.caller import (
    PLATFORM_PERMISSIONS,
    SITE_PERMISSIONS,
    Caller,
    NotPermittedError,
    Permission,
    WhileImpersonatingError,
)
from tests.domain.identity.people import a_user

SETS = st.frozensets(st.sampled_from(Permission))


@given(SETS, st.sampled_from(Permission))
def test_a_caller_may_do_what_they_were_permitted_and_no_more(given_: frozenset[Permission], asked: Permission) -> None:
    caller = Caller(label="ada", permissions=given_)

    if asked in given_:
        caller.require(asked)
    else:
        with pytest.raises(NotPermittedError, match=asked.value):
            caller.require(asked)


def test_a_signed_in_caller_is_a_user() -> None:
    user = a_user()

    assert Caller(label="ada", permissions=frozenset(), user_id=user.id).require_user() == user.id


def test_the_operator_is_no_user_whatever_they_may_do() -> None:
    with pytest.raises(NotPermittedError):
        Caller(label="operator", permissions=frozenset(Permission)).require_user()


def test_an_admin_of_a_site_has_no_permission_about_sites() -> None:
    assert SITE_PERMISSIONS.isdisjoint({Permission.SITES_ENTER, Permission.SITES_MANAGE})
    assert {Permission.SITES_ENTER, Permission.SITES_MANAGE} <= PLATFORM_PERMISSIONS


def test_whoever_acts_as_a_user_is_not_that_user_in_person() -> None:
    own = Caller(label="ada", permissions=frozenset(), user_id=a_user().id)
    own.require_in_person()

    with pytest.raises(WhileImpersonatingError):
        replace(own, impersonator=a_user(2).id, impersonator_label="root").require_in_person()
