"""Organizations and members, as the contracts need them."""

from application.shared.ports import UnitOfWork
from application.tenancy.create_organization import CreateOrganization
from application.tenancy.organization_ports import MemberReader
from application.tenancy.organization_views import MemberView
from application.tenancy.ports import MemberRepository, OrganizationRepository
from domain.identity.user import User
from domain.shared.caller import Caller, Permission, UserId
from domain.tenancy.membership import (
    Member,
    MemberRole,
)
from domain.tenancy.organization import (
    Organization,
    OrganizationId,
)
from tests import newcomers
from tests.world import PLATFORM, World


async def a_caller(world: World, name: str, permissions: frozenset[Permission] = frozenset()) -> Caller:
    user = await world.user(PLATFORM, f"{name}-{world.suffix}")
    return Caller(label=user.username, user_id=user.id, permissions=permissions)


async def found(world: World, caller: Caller, name: str = "Acme") -> Organization:
    async with world.acting(caller=caller) as container:
        create: CreateOrganization = await container.get(CreateOrganization)
        return await create(name=f"{name} {world.suffix}")


async def stored(world: World, slug: str) -> Organization:
    async with world.acting() as container, await container.get(UnitOfWork):
        repository: OrganizationRepository = await container.get(OrganizationRepository)
        return await repository.get(slug)


async def a_user(world: World, name: str) -> User:
    return await world.user(PLATFORM, f"{name}-{world.suffix}")


def a_member(world: World, organization: OrganizationId, user: UserId, role: MemberRole = MemberRole.MEMBER) -> Member:
    return newcomers.a_member(organization, user, role, at=world.clock(), created_by=user)


async def add(world: World, *members: Member) -> None:
    async with world.acting() as container:
        repository = await container.get(MemberRepository)
        async with await container.get(UnitOfWork):
            for member in members:
                await repository.add(member)


async def read(world: World, member: Member) -> MemberView:
    async with world.acting() as container:
        view: MemberView = await (await container.get(MemberReader)).get(member.organization_id, member.user_id)
        return view


async def home(world: World) -> OrganizationId:
    """The one organization, which has no members."""
    return (await stored(world, world.organization)).id
