from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.identity.password_reset import LIFETIME, PasswordReset, PasswordResetId, ResetTokenError
from domain.shared.caller import UserId
from tests.domain.identity.people import NOON, a_user

SOON = NOON + timedelta(minutes=5)


def a_reset(**changes: Any) -> PasswordReset:
    reset = PasswordReset(
        id=PasswordResetId(UUID(int=5)),
        user_id=a_user().id,
        token_hash=b"secret",
        created_at=NOON,
        expires_at=NOON + LIFETIME,
    )
    return replace(reset, **changes)


def test_it_is_open_for_an_hour() -> None:
    a_reset().require_open_for(a_user(), at=NOON + timedelta(minutes=59))
    with pytest.raises(ResetTokenError):
        a_reset().require_open_for(a_user(), at=NOON + timedelta(hours=1))


def test_it_is_good_once() -> None:
    with pytest.raises(ResetTokenError):
        a_reset(used_at=SOON).require_open_for(a_user(), at=SOON)


@pytest.mark.parametrize(
    "changes",
    [{"is_active": False}, {"linked_user_id": UserId(UUID(int=6))}, {"updated_at": NOON + timedelta(seconds=1)}],
)
def test_what_changed_about_the_user_ends_it(changes: dict[str, Any]) -> None:
    with pytest.raises(ResetTokenError):
        a_reset().require_open_for(replace(a_user(), **changes), at=SOON)


def test_its_token_is_in_no_log() -> None:
    assert "secret" not in repr(a_reset())
