"""ShowProfile and ChangeProfile."""

from dataclasses import replace

import pytest

from adapters.memory.database import MemoryDatabase
from application.identity.read_users import ShowProfile
from application.identity.user_views import UserView
from domain.shared.caller import Caller, NotPermittedError, Permission
from domain.shared.errors import InvalidError
from tests.application.identity.recorders import RecordingHasher
from tests.application.identity.staff import BOB, Staff
from tests.world import PASSWORD


async def test_changes_the_own_names_without_a_password(staff: Staff) -> None:
    view = await staff.change_profile(BOB, first_name="Robert", email=BOB.email)

    changed = await staff.get(BOB)
    assert changed == replace(BOB, first_name="Robert", version=2, updated_at=changed.updated_at)
    assert view == UserView.of(changed, [])


@pytest.mark.parametrize("current", [None, "wrong", ""])
async def test_another_address_takes_the_present_password(staff: Staff, current: str | None) -> None:
    with pytest.raises(InvalidError) as refused:
        await staff.change_profile(BOB, current, email="bob@example.org", first_name="Robert")
    assert list(refused.value.details) == ["current_password"]
    assert await staff.get(BOB) == BOB

    assert (await staff.change_profile(BOB, PASSWORD, email="bob@example.org")).email == "bob@example.org"


async def test_a_password_changed_meanwhile_is_not_the_present_one(staff: Staff) -> None:
    hasher = RecordingHasher()
    users = (await staff.world.container.get(MemoryDatabase)).within(staff.site).users
    hasher.meanwhile = lambda: users.update({BOB.id: replace(BOB, password_hash="plain:quicker")})
    with pytest.raises(InvalidError, match="any more"):
        await replace(staff, hasher=hasher).change_profile(BOB, PASSWORD, email="bob@example.org")

    assert (await staff.get(BOB)).email == BOB.email


async def test_the_operator_has_no_profile(staff: Staff) -> None:
    operator = Caller(label="operator", permissions=frozenset(Permission))
    with pytest.raises(NotPermittedError):
        await staff.run(ShowProfile, operator)
