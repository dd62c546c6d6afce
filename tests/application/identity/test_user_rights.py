"""Who may do what to whom."""

from typing import Any
from uuid import UUID

import pytest

from application.identity.create_user import CreateUser
from application.identity.read_users import FindUser, ListUsers, ShowProfile, ShowUser
from application.identity.user_views import UserQuery, UserView
from domain.identity.user import (
    LastAdminError,
    LinkedUserError,
    OwnAccountError,
    UserNotFoundError,
)
from domain.shared.caller import SITE_PERMISSIONS, NotPermittedError, Permission, UserId
from tests.application.identity.staff import ADA, BOB, GRACE, MANAGING, NEW, WHOLE, Staff, caller
from tests.domain.identity.people import a_user


@pytest.mark.parametrize("is_admin", [False, True])
async def test_to_create_a_user_takes_the_permission(staff: Staff, *, is_admin: bool) -> None:
    permissions = MANAGING if is_admin else SITE_PERMISSIONS - {Permission.USERS_MANAGE}
    with pytest.raises(NotPermittedError):
        await staff.run(CreateUser, caller(BOB, permissions), **WHOLE | {"is_admin": is_admin})


@pytest.mark.parametrize(
    ("permissions", "error"),
    [
        (frozenset(), UserNotFoundError),
        (SITE_PERMISSIONS - MANAGING, UserNotFoundError),
        (frozenset({Permission.USERS_VIEW}), NotPermittedError),
    ],
)
async def test_without_the_permission_nobody_is_changed_and_strangers_learn_nothing(
    staff: Staff, permissions: frozenset[Permission], error: type[Exception]
) -> None:
    by = caller(GRACE, permissions)
    for user in (BOB, a_user(9)):
        with pytest.raises(error) as refused:
            await staff.change(user, by, first_name="x")
        assert str(user.id) in str(refused.value) or error is NotPermittedError
        with pytest.raises(error):
            await staff.delete(user, by)
    with pytest.raises(NotPermittedError):
        await staff.change(GRACE, by, first_name="x")


@pytest.mark.parametrize(
    "changes", [{"first_name": "x"}, {"is_admin": False}, {"is_active": False}, {"password": NEW}, {"email": "a@b"}]
)
async def test_admins_are_changed_by_admins_alone(staff: Staff, changes: dict[str, Any]) -> None:
    await staff.add(a_user(4, is_admin=True))
    with pytest.raises(NotPermittedError):
        await staff.change(ADA, caller(BOB, MANAGING), **changes)
    with pytest.raises(NotPermittedError):
        await staff.delete(ADA, caller(BOB, MANAGING))

    assert (await staff.change(ADA, caller(a_user(4)), **changes)).version == 2
    await staff.delete(ADA, caller(a_user(4)))


async def test_an_admin_is_made_by_admins_alone(staff: Staff) -> None:
    with pytest.raises(NotPermittedError):
        await staff.change(GRACE, caller(BOB, MANAGING), is_admin=True)

    assert (await staff.change(GRACE, is_admin=True)).is_admin


@pytest.mark.parametrize(
    "changes",
    [{"is_admin": False}, {"is_active": False}, {"password": NEW}, {"email": "new@example.org"}],
)
async def test_nobody_changes_what_they_may_do_themself(staff: Staff, changes: dict[str, Any]) -> None:
    await staff.add(a_user(4, is_admin=True))
    with pytest.raises(OwnAccountError):
        await staff.change(ADA, caller(ADA), **changes)
    with pytest.raises(OwnAccountError):
        await staff.delete(ADA, caller(ADA))

    assert await staff.get(ADA) == ADA
    unchanged = {"is_admin": True, "is_active": True, "email": ADA.email, "first_name": "Ada"}
    assert (await staff.change(ADA, caller(ADA), **unchanged)).first_name == "Ada"


async def test_nobody_makes_themself_an_admin(staff: Staff) -> None:
    with pytest.raises(NotPermittedError):
        await staff.change(BOB, caller(BOB, MANAGING), is_admin=True)
    with pytest.raises(OwnAccountError):
        await staff.change(BOB, caller(BOB, SITE_PERMISSIONS), is_admin=True)


@pytest.mark.parametrize("change", [{"is_admin": False}, {"is_active": False}])
async def test_the_last_active_admin_stays(staff: Staff, change: dict[str, bool]) -> None:
    await staff.add(a_user(4, is_admin=True, is_active=False))
    by = caller(BOB)  # as one who was an admin a second ago
    with pytest.raises(LastAdminError):
        await staff.change(ADA, by, **change)
    with pytest.raises(LastAdminError):
        await staff.delete(ADA, by)
    await staff.delete(a_user(4), by)

    await staff.change(GRACE, by, is_admin=True)
    await staff.change(ADA, by, **change)
    with pytest.raises(LastAdminError):
        await staff.change(GRACE, by, **change)


async def test_who_gives_a_password_or_an_address_has_all_that_the_user_has(staff: Staff) -> None:
    """Otherwise they would sign in as the user and have it then."""
    await staff.put_into_group(GRACE, Permission.PROJECTS_DELETE)
    by = caller(BOB, MANAGING)
    for takeover in ({"password": NEW}, {"email": "bobs@example.org"}):
        with pytest.raises(NotPermittedError, match=r"projects\.delete"):
            await staff.change(GRACE, by, **takeover)
    assert (await staff.change(GRACE, by, first_name="G", is_active=False)).is_active is False

    able = caller(BOB, MANAGING | {Permission.PROJECTS_DELETE})
    assert (await staff.change(GRACE, able, password=NEW)).version == 3


@pytest.mark.parametrize(
    "changes",
    [{"username": "x"}, {"email": "x@example.org"}, {"first_name": "x"}, {"is_admin": True}, {"password": NEW}],
)
async def test_the_platform_says_who_a_linked_user_is(staff: Staff, changes: dict[str, Any]) -> None:
    linked = a_user(5, linked_user_id=UserId(UUID(int=55)), password_hash="")
    await staff.add(linked)
    with pytest.raises(LinkedUserError):
        await staff.change(linked, **changes)
    with pytest.raises(LinkedUserError):
        await staff.delete(linked)
    with pytest.raises(LinkedUserError):
        await staff.change_profile(linked, email="x@example.org")
    for refused in (
        staff.change(linked, caller(BOB, MANAGING), is_active=False),
        staff.delete(linked, caller(BOB, MANAGING)),
    ):
        with pytest.raises(NotPermittedError):
            await refused
    assert await staff.get(linked) == linked

    same: dict[str, Any] = {"username": linked.username, "email": linked.email, "is_admin": False}
    assert (await staff.change(linked, **same, is_active=False)).is_active is False


async def test_who_may_see_users_sees_them_and_who_may_not_sees_themself(staff: Staff) -> None:
    viewer, plain = caller(GRACE, frozenset({Permission.USERS_VIEW})), caller(BOB, frozenset())

    assert (await staff.run(ListUsers, viewer, UserQuery())).count == 3
    assert await staff.run(ShowUser, viewer, user_id=BOB.id) == UserView.of(BOB, [])
    assert await staff.run(ShowUser, plain, user_id=BOB.id) == await staff.run(ShowProfile, plain)
    assert await staff.run(FindUser, viewer, login="ADA2@example.org") == UserView.of(BOB, [])
    with pytest.raises(NotPermittedError):
        await staff.run(ListUsers, plain, UserQuery())
    with pytest.raises(NotPermittedError):
        await staff.run(FindUser, plain, login="ada2")
    messages = []
    for hidden in (ADA, a_user(9)):
        with pytest.raises(UserNotFoundError) as refused:
            await staff.run(ShowUser, plain, user_id=hidden.id)
        messages.append(str(refused.value).replace(str(hidden.id), ""))
    assert len(set(messages)) == 1
