"""A site in memory with an admin and two plain users, and the use cases about users."""

from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import uuid4

from application.access.ports import GroupMemberRepository, GroupRepository
from application.identity.change_profile import ChangeProfile
from application.identity.change_user import ChangeUser
from application.identity.delete_user import DeleteUser
from application.identity.ports import UserRepository
from application.identity.user_views import UserView
from application.shared.ports import UnitOfWork
from domain.access.group import GroupMember, GroupMemberId
from domain.identity.user import (
    User,
    UserChanges,
)
from domain.shared.caller import SITE_PERMISSIONS, Caller, Permission, UserId
from domain.shared.changes import UNCHANGED
from domain.tenancy.scope import SiteScope
from tests.application.identity.recorders import RecordingHasher
from tests.domain.access.groups import a_group
from tests.domain.identity.people import CLIENT, NOON, a_user
from tests.world import World

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
