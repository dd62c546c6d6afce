from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from domain.shared.caller import UserId
from domain.shared.errors import InvalidError
from domain.tenancy.invitation import (
    LIFETIME,
    PAUSE,
    Invitation,
    InvitationEndedError,
    InvitationNotFoundError,
    InvitationPendingError,
    InvitationSentLatelyError,
    InvitationStatus,
    TooManyInvitationsError,
    require_place_for_invitation,
)
from tests.mail.mails import KEY, NOON, an_invitation

OLD, NEW = b"o" * 32, b"n" * 32
LATER = NOON + timedelta(days=1)
ADA = UserId(KEY)


def pending(**changes: Any) -> Invitation:
    return an_invitation(**{"token_hash": OLD, "expires_at": NOON + LIFETIME} | changes)


def test_it_is_pending_for_seven_days_and_then_expired() -> None:
    last = NOON + timedelta(days=7) - timedelta(microseconds=1)
    assert pending().status_at(last) is InvitationStatus.PENDING
    assert pending().status_at(NOON + timedelta(days=7)) is InvitationStatus.EXPIRED


def test_the_newest_token_opens_it() -> None:
    pending().require_open(OLD, at=LATER)
    with pytest.raises(InvitationNotFoundError):
        pending().require_open(NEW, at=LATER)


def test_an_end_is_written_down_with_its_time() -> None:
    accepted = pending().accept(ADA, at=LATER)
    assert (accepted.status, accepted.accepted_by, accepted.ended_at) == (InvitationStatus.ACCEPTED, ADA, LATER)
    assert (accepted.version, accepted.updated_at) == (2, LATER)


ENDS: list[Callable[[Invitation], Invitation]] = [
    lambda one: one.accept(ADA, at=LATER),
    lambda one: one.decline(at=LATER),
    lambda one: one.revoke(at=LATER),
]


@pytest.mark.parametrize("first", ENDS)
@pytest.mark.parametrize("second", ENDS)
def test_it_ends_once(first: Callable[[Invitation], Invitation], second: Callable[[Invitation], Invitation]) -> None:
    ended = first(pending())
    with pytest.raises(InvitationNotFoundError):
        ended.require_open(OLD, at=LATER)
    with pytest.raises(InvitationEndedError):
        second(ended)
    with pytest.raises(InvitationEndedError):
        ended.resend(NEW, at=LATER)


@pytest.mark.parametrize("end", ENDS)
def test_an_expired_one_has_ended(end: Callable[[Invitation], Invitation]) -> None:
    with pytest.raises(InvitationEndedError):
        end(pending(expires_at=LATER))


def test_sending_again_kills_the_old_token_and_starts_seven_days() -> None:
    again = pending(expires_at=LATER).resend(NEW, at=LATER)
    again.require_open(NEW, at=LATER + LIFETIME - timedelta(seconds=1))
    with pytest.raises(InvitationNotFoundError):
        again.require_open(OLD, at=LATER)


def test_between_two_mails_there_is_a_pause() -> None:
    soon = NOON + PAUSE
    with pytest.raises(InvitationSentLatelyError):
        pending().resend(NEW, at=soon - timedelta(microseconds=1))
    again = pending().resend(NEW, at=soon)
    assert (again.sent_at, again.expires_at) == (soon, soon + LIFETIME)


@pytest.mark.parametrize(("members", "most"), [(0, 20), (5, 20), (20, 20), (250, 250)])
def test_as_many_are_sent_as_the_plan_has_members_and_twenty_at_least(members: int, most: int) -> None:
    require_place_for_invitation(most - 1, members=members)
    with pytest.raises(TooManyInvitationsError):
        require_place_for_invitation(most, members=members)


def test_only_time_expires_one() -> None:
    with pytest.raises(InvitationPendingError):
        pending().expire(at=LATER)
    expired = pending(expires_at=LATER).expire(at=LATER)
    assert (expired.status, expired.ended_at) == (InvitationStatus.EXPIRED, LATER)
    assert expired.resend(NEW, at=LATER).ended_at is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("email", "ünïcode@example.org"),
        ("email", "a@b\r\nBcc: c@d"),
        ("message", "x" * 2001),
        ("message", "\x00"),
        ("metadata", {"x": "y" * 4096}),
        ("metadata", {"x": ["\x00"]}),
        ("metadata", {"\ud800": 1}),
    ],
)
def test_refuses(field: str, value: object) -> None:
    with pytest.raises(InvalidError) as caught:
        pending(**{field: value})
    assert list(caught.value.details) == [field]


def test_its_token_is_in_no_log() -> None:
    assert "oooo" not in repr(pending())
