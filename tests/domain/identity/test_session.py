from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identity.session import RefreshTokenId, SessionEnd
from tests.domain.identity.people import NOON, WEEK, a_link, a_session, a_user

GRACE = timedelta(seconds=10)


@pytest.mark.parametrize(("after", "live"), [(timedelta(), True), (WEEK - timedelta.resolution, True), (WEEK, False)])
def test_lives_until_it_expires(after: timedelta, live: bool) -> None:
    assert a_session().is_live(at=NOON + after) is live


def test_is_dead_once_it_ended() -> None:
    assert not a_session().end(SessionEnd.LOGGED_OUT, at=NOON).is_live(at=NOON)


def test_the_first_end_stays() -> None:
    ended = a_session().end(SessionEnd.TOKEN_REUSED, at=NOON)

    assert ended == replace(a_session(), ended_at=NOON, ended_because=SessionEnd.TOKEN_REUSED)
    assert ended.end(SessionEnd.LOGGED_OUT, at=NOON + GRACE) == ended


def test_use_lengthens_its_life() -> None:
    later = NOON + timedelta(days=1)

    used = a_session().used(at=later, until=later + WEEK)

    assert used == replace(a_session(), last_used_at=later, expires_at=later + WEEK)


@pytest.mark.parametrize("until", [NOON, NOON + WEEK, NOON + 2 * WEEK])
def test_use_never_lengthens_the_life_of_one_in_which_somebody_acts_as_the_user(until: datetime) -> None:
    acting = a_session(impersonator=a_user(2).id)

    assert acting.used(at=NOON, until=until).expires_at == min(until, acting.expires_at)


@pytest.mark.parametrize(
    ("after", "within"),
    [
        (timedelta(), True),
        (GRACE, True),
        (GRACE + timedelta.resolution, False),
        (-GRACE, True),
        (-GRACE - timedelta.resolution, False),
        (-timedelta(hours=1), False),
    ],
)
def test_the_grace_is_short_even_where_the_clock_was_set_back(after: timedelta, within: bool) -> None:
    consumed = a_link(consumed_at=NOON, successor_id=RefreshTokenId(a_user(2).id))

    assert consumed.is_within_grace(at=NOON + after, grace=GRACE) is within


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001  made aware below
def test_an_unused_link_has_no_grace(at: datetime) -> None:
    assert not a_link().is_within_grace(at=at.replace(tzinfo=NOON.tzinfo), grace=timedelta.max)
