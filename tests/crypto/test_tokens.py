from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identity.tokens import InvalidTokenError
from domain.shared.caller import UserId
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import SiteId
from domain.tenancy.slug import SiteSlug
from tests.crypto.keys import ACCESS, ALGORITHMS, MINUTES, NOON, REFRESH, Desk, jwk, ring

ACME = SiteScope(SiteId(UUID(int=7)), "acme", SiteSlug("acme").schema)
OTHER = SiteScope(SiteId(UUID(int=8)), "other", SiteSlug("other").schema)
DESK = Desk()


def refused(desk: Desk, token: str) -> str:
    """Why this desk reads it neither as access nor as refresh."""
    with pytest.raises(InvalidTokenError):
        desk.codec.read_refresh(token)
    with pytest.raises(InvalidTokenError) as error:
        desk.codec.read_access(token)
    return str(error.value)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_reads_what_it_wrote(algorithm: str) -> None:
    desk = Desk(ring(jwk(algorithm)))

    assert desk.codec.read_access(desk.codec.write_access(ACCESS)) == ACCESS
    assert desk.codec.read_refresh(desk.codec.write_refresh(REFRESH)) == REFRESH


def test_says_who_acts_as_the_user() -> None:
    acting = replace(ACCESS, impersonator=UserId(UUID(int=9)))

    assert DESK.codec.read_access(DESK.codec.write_access(acting)) == acting


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_same_refresh_claims_give_the_same_token(algorithm: str) -> None:
    desk = Desk(ring(jwk(algorithm)))

    assert desk.codec.write_refresh(REFRESH) == desk.codec.write_refresh(REFRESH)


def test_two_access_tokens_are_never_the_same() -> None:
    desk = Desk()

    assert desk.codec.write_access(ACCESS) != desk.codec.write_access(ACCESS)


def test_a_refresh_token_is_no_access_token_and_the_other_way_round() -> None:
    desk = Desk()
    access, refresh = desk.codec.write_access(ACCESS), desk.codec.write_refresh(REFRESH)

    for _ in range(2):
        with pytest.raises(InvalidTokenError, match="another kind"):
            desk.codec.read_access(refresh)
        with pytest.raises(InvalidTokenError, match="another kind"):
            desk.codec.read_refresh(access)
        assert desk.codec.read_access(access) == ACCESS


@pytest.mark.parametrize("known", [False, True])
def test_a_token_of_one_scope_is_refused_by_every_other(*, known: bool) -> None:
    desk = Desk()
    scopes = [desk.codec, desk.at(ACME), desk.at(OTHER)]
    for home in scopes:
        access, refresh = home.write_access(ACCESS), home.write_refresh(REFRESH)
        if known:
            home.read_access(access)
        for other in scopes:
            if other is not home:
                with pytest.raises(InvalidTokenError, match="another site"):
                    other.read_access(access)
                with pytest.raises(InvalidTokenError, match="another site"):
                    other.read_refresh(refresh)
        assert home.read_access(access) == ACCESS


@pytest.mark.parametrize("leeway", [0, 5])
def test_expires_to_the_second_and_the_leeway(leeway: int) -> None:
    desk = Desk(leeway=leeway)
    token = desk.codec.write_access(ACCESS)

    desk.clock.at = NOON + MINUTES + timedelta(seconds=leeway) - timedelta.resolution
    assert desk.codec.read_access(token) == ACCESS
    desk.clock.at += timedelta.resolution
    for _ in range(2):
        with pytest.raises(InvalidTokenError, match="expired"):
            desk.codec.read_access(token)


@pytest.mark.parametrize("leeway", [0, 5])
def test_is_not_read_before_it_was_made_except_for_the_leeway(leeway: int) -> None:
    desk = Desk(leeway=leeway)
    token = desk.codec.write_access(ACCESS)

    desk.clock.at = NOON - timedelta(seconds=leeway)
    assert desk.codec.read_access(token) == ACCESS
    desk.clock.at -= timedelta.resolution
    with pytest.raises(InvalidTokenError, match="not valid yet"):
        desk.codec.read_access(token)


@pytest.mark.parametrize("remembered", [1, 2, 10])
def test_remembers_few_tokens_and_reads_all(remembered: int) -> None:
    desk = Desk(remembered=remembered)
    tokens = [desk.codec.write_access(ACCESS) for _ in range(5)]

    for token in tokens * 2:
        assert desk.codec.read_access(token) == ACCESS


def test_a_remembered_token_opens_nothing_for_a_changed_one() -> None:
    desk = Desk()
    token = desk.codec.write_access(ACCESS)
    desk.codec.read_access(token)
    head, body, signature = token.split(".")

    assert refused(desk, f"{head}.{body}.{signature[::-1]}")
    assert refused(desk, f" {token}")
    assert refused(desk, f"{token}\n")


@pytest.mark.parametrize(
    "token", ["", ".", "..", "a.b.c", "a\0b", "\ud800", "ü.ü.ü", "é" * 5000, "a." * 3000, "{}.{}.{}"]
)
def test_refuses_what_is_no_token(token: str) -> None:
    assert refused(DESK, token) == "this token is not valid"


@given(
    st.text(st.characters(codec=None))
    | st.from_regex(r"[A-Za-z0-9_-]{0,40}(\.[A-Za-z0-9_-]{0,40}){0,3}", fullmatch=True)
)
def test_no_text_at_all_does_anything_but_get_refused(token: str) -> None:
    assert refused(DESK, token) == "this token is not valid"


@given(st.data())
def test_no_change_of_a_character_goes_unnoticed(data: st.DataObject) -> None:
    token = DESK.forge()
    place = data.draw(st.integers(0, len(token) - 2))
    other = data.draw(st.characters(codec="ascii").filter(lambda one: one != token[place]))

    assert refused(DESK, token[:place] + other + token[place + 1 :])
