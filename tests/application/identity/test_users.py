"""CreateUser, ChangeUser, DeleteUser, ChangeProfile and the readers, on memory, in a site."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID, uuid4

import pytest

from adapters.memory.database import MemoryDatabase
from application.access.ports import GroupMemberRepository, GroupRepository
from application.identity.change_profile import ChangeProfile
from application.identity.change_user import ChangeUser
from application.identity.create_user import CreateUser
from application.identity.delete_user import DeleteUser
from application.identity.ports import UserRepository
from application.identity.read_users import FindUser, ListUsers, ShowProfile, ShowUser
from application.identity.user_views import UserQuery, UserView
from application.shared.ports import UnitOfWork
from domain.access.group import GroupMember, GroupMemberId
from domain.identity.user import (
    EmailTakenError,
    LastAdminError,
    LinkedUserError,
    OwnAccountError,
    User,
    UserChanges,
    UsernameTakenError,
    UserNotFoundError,
)
from domain.shared.caller import SITE_PERMISSIONS, Caller, NotPermittedError, Permission, UserId
from domain.shared.changes import UNCHANGED
from domain.shared.errors import InvalidError, StaleError
from domain.tenancy.scope import SiteScope
from tests.application.identity.recorders import RecordingHasher
from tests.domain.access.groups import a_group
from tests.domain.identity.people import CLIENT, NOON, a_user
from tests.world import PASSWORD, World, memory_world

ADA, BOB, GRACE = a_user(1, is_admin=True), a_user(2), a_user(3)
MANAGING: Final = frozenset({Permission.USERS_VIEW, Permission.USERS_MANAGE})
NEW: Final = "a-better-password"
WHOLE: Final = {
    "username": "new",
    "email": "new@example.org",
    "password": NEW,
    "first_name": "",
    "last_name": "",
    "is_active": True,
    "is_admin": False,
}


def caller(user: User = ADA, permissions: frozenset[Permission] = SITE_PERMISSIONS) -> Caller:
    return Caller(label=user.username, user_id=user.id, permissions=permissions)


@dataclass(frozen=True)
class Staff:
    """A site with the admin Ada, and Bob and Grace who are none."""

    world: World
    site: SiteScope
    hasher: RecordingHasher | None = None

    async def get(self, user: User | UserView) -> User:
        async with self.world.acting(self.site) as container:
            users: UserRepository = await container.get(UserRepository)
            return await users.get(UserId(user.id))

    async def add(self, *users: User) -> None:
        async with self.world.acting(self.site) as container:
            repository = await container.get(UserRepository)
            for user in users:
                await repository.add(user)

    async def put_into_group(self, user: User, *permissions: Permission) -> None:
        group = a_group(permissions=frozenset(permissions))
        member = GroupMember(
            id=GroupMemberId(uuid4()), group_id=group.id, user_id=user.id, created_at=NOON, created_by=None
        )
        async with self.world.acting(self.site) as container, await container.get(UnitOfWork):
            await (await container.get(GroupRepository)).add(group)
            await (await container.get(GroupMemberRepository)).add(member)

    async def run(self, kind: type[Any], by: Caller, *args: Any, **values: Any) -> Any:
        async with self.world.acting(self.site, by) as container:
            use_case = await container.get(kind)
            if self.hasher and hasattr(use_case, "passwords"):
                use_case = replace(use_case, passwords=self.hasher)
            return await use_case(*args, **values)

    async def change(self, user: User, by: Caller | None = None, **values: Any) -> UserView:
        password = values.pop("password", UNCHANGED)
        seen = values.pop("seen", None)
        changes = UserChanges(**values)
        view: UserView = await self.run(
            ChangeUser, by or caller(), user_id=user.id, changes=changes, password=password, seen=seen
        )
        return view

    async def delete(self, user: User, by: Caller | None = None, seen: frozenset[int] | None = None) -> None:
        await self.run(DeleteUser, by or caller(), user_id=user.id, seen=seen)

    async def change_profile(self, by: User, current: str | None = None, **values: Any) -> UserView:
        given = dict.fromkeys(("first_name", "last_name", "email"), UNCHANGED) | values
        seen = given.pop("seen", None)
        view: UserView = await self.run(
            ChangeProfile,
            caller(by, frozenset()),
            **given,
            current_password=current,
            client=CLIENT,
            seen=seen,
        )
        return view


@pytest.fixture
async def staff() -> AsyncIterator[Staff]:
    async with memory_world() as world:
        staff = Staff(world, await world.site())
        await staff.add(ADA, BOB, GRACE)
        yield staff


async def test_creates_a_user_who_may_do_nothing(staff: Staff) -> None:
    user = await staff.run(CreateUser, caller(BOB, MANAGING), **WHOLE)

    assert await staff.get(user) == user
    assert (user.password_hash, user.created_by, user.is_admin) == (f"plain:{NEW}", BOB.id, False)


async def test_names_everything_that_is_wrong_with_a_new_user_at_once(staff: Staff) -> None:
    wrong = WHOLE | {"username": "a b", "email": "nobody", "password": "short", "first_name": "\0"}
    with pytest.raises(InvalidError) as refused:
        await staff.run(CreateUser, caller(), **wrong)

    assert set(refused.value.details) == {"username", "email", "password", "first_name"}


@pytest.mark.parametrize("is_admin", [False, True])
async def test_to_create_a_user_takes_the_permission(staff: Staff, *, is_admin: bool) -> None:
    permissions = MANAGING if is_admin else SITE_PERMISSIONS - {Permission.USERS_MANAGE}
    with pytest.raises(NotPermittedError):
        await staff.run(CreateUser, caller(BOB, permissions), **WHOLE | {"is_admin": is_admin})


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
    [{"username": "x"}, {"email": "x@example.org"}, {"is_admin": True}, {"password": NEW}],
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
    assert await staff.get(linked) == linked

    same: dict[str, Any] = {"username": linked.username, "email": linked.email, "is_admin": False}
    assert (await staff.change(linked, **same, is_active=False)).is_active is False
    assert (await staff.change_profile(linked, first_name="Linus")).first_name == "Linus"


async def test_deletes_a_user_once(staff: Staff) -> None:
    await staff.delete(BOB, caller(GRACE, MANAGING))
    with pytest.raises(UserNotFoundError):
        await staff.delete(BOB)
    with pytest.raises(UserNotFoundError):
        await staff.get(BOB)


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
