"""Organizations of a test: who is in them, and what they are allowed."""

from dataclasses import replace
from typing import Any

from application.shared.ports import UnitOfWork
from application.tenancy.create_organization import CreateOrganization
from application.tenancy.ports import MemberRepository, OrganizationRepository
from domain.identity.user import User
from domain.shared.caller import PLATFORM_PERMISSIONS, Caller
from domain.tenancy.membership import MemberRole
from tests.newcomers import a_member
from tests.world import PLATFORM, World


def caller_of(user: User) -> Caller:
    return Caller(
        label=user.username,
        user_id=user.id,
        permissions=PLATFORM_PERMISSIONS if user.is_admin else frozenset(),
    )


async def a_person(world: World, name: str) -> User:
    """A user of the platform, without any organization."""
    return await world.user(PLATFORM, f"{name}-{world.suffix}")


async def an_organization(world: World, owner: User, name: str = "Acme") -> str:
    """The slug of one that the owner founded."""
    async with world.acting(caller=caller_of(owner)) as container:
        return (await (await container.get(CreateOrganization))(name=f"{name} {world.suffix}")).slug


async def join(world: World, slug: str, user: User, role: MemberRole = MemberRole.MEMBER, **fields: Any) -> None:
    """Make the user a member, behind the back of all use cases."""
    async with world.acting() as container:
        organizations, members = await container.get(OrganizationRepository), await container.get(MemberRepository)
        async with await container.get(UnitOfWork):
            organization = await organizations.get(slug)
            member = a_member(organization.id, user.id, role, at=world.clock(), **fields)
            await members.add(member)


async def change_organization(world: World, slug: str, **fields: Any) -> None:
    """Behind the back of all use cases: `is_active`, `max_members`."""
    async with world.acting() as container:
        organizations = await container.get(OrganizationRepository)
        async with await container.get(UnitOfWork):
            await organizations.save(replace(await organizations.get(slug), **fields))


async def roles(world: World, slug: str, *users: User) -> list[MemberRole | None]:
    """What each of them is in the organization; None for no member."""
    async with world.acting() as container:
        organizations, members = await container.get(OrganizationRepository), await container.get(MemberRepository)
        async with await container.get(UnitOfWork):
            organization = await organizations.get(slug)
            found = [await members.find(organization.id, user.id) for user in users]
    return [member.role if member else None for member in found]
