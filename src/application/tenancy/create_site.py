from dataclasses import dataclass

from application.shared.ports import Clock, NewId, UnitOfWork
from application.tenancy.ports import (
    OrganizationRepository,
    SiteRepository,
    SiteSchemas,
)
from domain.shared.caller import Caller, Permission
from domain.shared.checks import Checks
from domain.tenancy.site import Site, SiteId, SiteRole, check_texts
from domain.tenancy.slug import SiteSlug


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSite:
    """Give an organization a site: its row and its whole schema, in one transaction or not at all."""

    caller: Caller
    organizations: OrganizationRepository
    sites: SiteRepository
    schemas: SiteSchemas
    work: UnitOfWork
    clock: Clock
    new_id: NewId

    async def __call__(self, *, organization: str, name: str, slug: str, description: str, role: SiteRole) -> Site:
        self.caller.require(Permission.SITES_MANAGE)
        now, checks = self.clock(), Checks()
        with checks.part():
            owner = await self.organizations.get_by_slug(organization)
        with checks.part():
            target = SiteSlug(slug)
        with checks.part():
            check_texts(name, description)
        checks.done()
        site = Site(
            id=SiteId(self.new_id()),
            organization_id=owner.id,
            name=name,
            slug=target,
            description=description,
            role=role,
            created_at=now,
            updated_at=now,
            created_by=self.caller.user_id,
        ).activate(at=now)
        async with self.work:
            await self.sites.add(site)
            await self.schemas.create(site)
        return site
