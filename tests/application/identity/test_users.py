"""CreateUser, ChangeUser and DeleteUser."""

from dataclasses import replace
from typing import Any

import pytest

from application.identity.create_user import CreateUser
from application.identity.user_views import UserView
from domain.identity.user import (
    EmailTakenError,
    OwnAccountError,
    UsernameTakenError,
    UserNotFoundError,
)
from domain.shared.caller import NotPermittedError
from domain.shared.errors import InvalidError, StaleError
from tests.application.identity.recorders import RecordingHasher
from tests.application.identity.staff import ADA, BOB, GRACE, MANAGING, NEW, WHOLE, Staff, caller


async def test_creates_a_user_who_may_do_nothing(staff: Staff) -> None:
    user = await staff.run(CreateUser, caller(BOB, MANAGING), **WHOLE)

    assert await staff.get(user) == user
    assert (user.password_hash, user.created_by, user.is_admin) == (f"plain:{NEW}", BOB.id, False)


async def test_names_everything_that_is_wrong_with_a_new_user_at_once(staff: Staff) -> None:
    wrong = WHOLE | {"username": "a b", "email": "nobody", "password": "short", "first_name": "\0"}
    with pytest.raises(InvalidError) as refused:
        await staff.run(CreateUser, caller(), **wrong)

    assert set(refused.value.details) == {"username", "email", "password", "first_name"}


@pytest.mark.parametrize(
    ("taken", "error"), [({"username": "ADA1"}, UsernameTakenError), ({"email": "Ada2@Example.org"}, EmailTakenError)]
)
async def test_refuses_what_is_taken(staff: Staff, taken: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        await staff.run(CreateUser, caller(), **WHOLE | taken)
    with pytest.raises(error):
        await staff.change(GRACE, **taken)


async def test_changes_what_is_given_and_leaves_the_rest(staff: Staff) -> None:
    view = await staff.change(BOB, first_name="Robert", seen=frozenset({1}))

    changed = await staff.get(BOB)
    assert changed == replace(BOB, first_name="Robert", version=2, updated_at=changed.updated_at)
    assert view == UserView.of(changed, [])


async def test_refuses_what_was_decided_on_an_old_version(staff: Staff) -> None:
    await staff.change(BOB, first_name="Robert")
    with pytest.raises(StaleError):
        await staff.change(BOB, first_name="Bobby", seen=frozenset({1}))
    with pytest.raises(StaleError):
        await staff.change(BOB, password=NEW, seen=frozenset({1}))
    with pytest.raises(StaleError):
        await staff.delete(BOB, seen=frozenset({1}))
    with pytest.raises(StaleError):
        await staff.change_profile(BOB, first_name="Bobby", seen=frozenset({1}))

    assert (await staff.get(BOB)).first_name == "Robert"


async def test_deactivation_and_a_new_password_make_all_tokens_worthless(staff: Staff) -> None:
    await staff.change(BOB, is_active=False)
    await staff.change(GRACE, password=NEW)

    assert (await staff.get(BOB)).token_version == 2
    assert (await staff.get(GRACE)).token_version == 2
    assert (await staff.get(GRACE)).password_hash == f"plain:{NEW}"
    await staff.change(BOB, is_active=True)
    assert (await staff.get(BOB)).token_version == 2


async def test_names_a_bad_password_with_the_other_wrong_fields(staff: Staff) -> None:
    with pytest.raises(InvalidError) as refused:
        await staff.change(BOB, password="grace.hopper", username="grace.hopper", email="nobody")

    assert set(refused.value.details) == {"password", "email"}


async def test_a_password_that_is_refused_is_not_hashed(staff: Staff) -> None:
    hasher = RecordingHasher()
    staff = replace(staff, hasher=hasher)
    for refused in (
        staff.change(ADA, caller(BOB, MANAGING), password=NEW),
        staff.change(ADA, caller(ADA), password=NEW),
        staff.change(BOB, caller(GRACE, frozenset()), password=NEW),
        staff.change(BOB, password="short"),
    ):
        with pytest.raises((NotPermittedError, OwnAccountError, UserNotFoundError, InvalidError)):
            await refused
    assert hasher.hashed == []
    await staff.change(BOB, password=NEW)
    assert hasher.hashed == [NEW]


async def test_deletes_a_user_once(staff: Staff) -> None:
    await staff.delete(BOB, caller(GRACE, MANAGING))
    with pytest.raises(UserNotFoundError):
        await staff.delete(BOB)
    with pytest.raises(UserNotFoundError):
        await staff.get(BOB)
