"""The people of the demo's organization. Every step can be repeated; what is there stays as it is."""

from contextlib import suppress
from typing import Final

from dishka import AsyncContainer

from application.identity.ports import PasswordHasher, UserRepository
from application.shared.ports import Clock, NewId, UnitOfWork
from application.tenancy.add_member import AddMember
from application.tenancy.grant_site_access import GrantSiteAccess
from domain.identity.user import User
from domain.shared.caller import UserId
from domain.tenancy.membership import MemberExistsError, MemberRole
from entrypoints.cli.operator import acting_in

OWNER: Final = "olivia"
MEMBER: Final = "mark"


async def make_members(app: AsyncContainer, organization: str, site: str, password: str) -> None:
    """Users of the platform: Olivia owns the organization, Mark is a member of it who may enter this site alone."""
    async with acting_in(app) as container:
        add_member = await container.get(AddMember)
        for name, role in ((OWNER, MemberRole.OWNER), (MEMBER, MemberRole.MEMBER)):
            user = await _person(container, name, f"{name}@{organization}.example", password)
            with suppress(MemberExistsError):
                await add_member(organization=organization, user_id=user.id, role=role)
        await (await container.get(GrantSiteAccess))(organization=organization, user_id=user.id, site=site)


async def _person(container: AsyncContainer, name: str, email: str, password: str) -> User:
    users: UserRepository = await container.get(UserRepository)
    if there := await users.find_by_login(name):
        return there
    now = (await container.get(Clock))()
    user = User(
        id=UserId((await container.get(NewId))()),
        username=name,
        email=email,
        password_hash=await (await container.get(PasswordHasher)).hash(password),
        first_name=name.title(),
        created_at=now,
        updated_at=now,
        created_by=None,
    )
    async with await container.get(UnitOfWork):
        await users.add(user)
    return user
