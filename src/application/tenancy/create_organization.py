from dataclasses import dataclass

from application.shared.ports import Clock, NewId, UnitOfWork
from application.tenancy.ports import OrganizationRepository
from domain.shared.caller import Caller, Permission
from domain.tenancy.organization import Organization, OrganizationId


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateOrganization:
    """Take a customer in; sites come after."""

    caller: Caller
    organizations: OrganizationRepository
    work: UnitOfWork
    clock: Clock
    new_id: NewId

    async def __call__(self, *, name: str, slug: str) -> Organization:
        self.caller.require(Permission.SITES_MANAGE)
        now = self.clock()
        organization = Organization(
            id=OrganizationId(self.new_id()),
            name=name,
            slug=slug,
            created_at=now,
            updated_at=now,
            created_by=self.caller.user_id,
        )
        async with self.work:
            await self.organizations.add(organization)
        return organization
