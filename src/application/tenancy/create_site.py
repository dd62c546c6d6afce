from dataclasses import dataclass

from application.shared.ports import Clock, NewId, UnitOfWork
from application.tenancy.ports import (
    OrganizationRepository,
    SiteRepository,
    SiteSchemas,
)
from application.tenancy.standing import Standing
from domain.tenancy.membership import OrganizationRight
from domain.tenancy.organization import OrganizationNotFoundError, UnknownOrganizationError
from domain.tenancy.site import Site, SiteId, SiteRole
from domain.tenancy.slug import SiteSlug


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSite:
    """Give an organization a site: its row and its whole schema, in one transaction or not at all.

    For owners of the organization, as many sites as its plan allows. Two that want the last place wait for
    each other, and one gets it.
    """

    standing: Standing
    organizations: OrganizationRepository
    sites: SiteRepository
    schemas: SiteSchemas
    work: UnitOfWork
    clock: Clock
    new_id: NewId

    async def __call__(self, *, organization: str, name: str, slug: str, description: str, role: SiteRole) -> Site:
        now = self.clock()
        target = SiteSlug(slug)
        async with self.work:
            try:
                owner = await self.organizations.get(organization)
                await self.standing.require(owner, OrganizationRight.MANAGE_SITES)
            except OrganizationNotFoundError as error:
                raise UnknownOrganizationError(organization) from error
            owner.require_active()
            owner.require_place_for_site(await self.sites.count(owner.id))
            site = Site(
                id=SiteId(self.new_id()),
                organization_id=owner.id,
                name=name,
                slug=target,
                description=description,
                role=role,
                created_at=now,
                updated_at=now,
                created_by=self.standing.caller.user_id,
            ).activate(at=now)
            await self.sites.add(site)
            await self.schemas.create(site)
        return site
