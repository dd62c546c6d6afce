from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from application.shared.ports import Clock, NewId, UnitOfWork
from application.tenancy.ports import (
    OrganizationRepository,
    SiteRepository,
    SiteSchemas,
)
from application.tenancy.standing import Standing
from domain.shared.checks import Checks
from domain.tenancy.membership import OrganizationRight
from domain.tenancy.organization import Organization, OrganizationNotFoundError, UnknownOrganizationError
from domain.tenancy.site import Site, SiteId, SiteRole, check_fields
from domain.tenancy.slug import SiteSlug


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSite:
    """Give an organization a site: its row and its whole schema, in one transaction or not at all.

    For owners of the organization, as many sites as its plan allows. Two that want the last place wait for
    each other, and one gets it. The first site is the primary one; where a later one is to be it, the one that
    was steps down.
    """

    standing: Standing
    organizations: OrganizationRepository
    sites: SiteRepository
    schemas: SiteSchemas
    work: UnitOfWork
    clock: Clock
    new_id: NewId

    async def __call__(
        self,
        *,
        organization: str,
        name: str,
        slug: str,
        description: str,
        role: SiteRole,
        is_primary: bool = False,
        settings: Mapping[str, Any] | None = None,
    ) -> Site:
        kept = settings or {}
        async with self.work:
            owner, target = await self._checked(organization, slug, name, description, kept)
            owner.require_active()
            others, now = await self.sites.count(owner.id), self.clock()
            owner.require_place_for_site(others)
            site = Site(
                id=SiteId(self.new_id()),
                organization_id=owner.id,
                name=name,
                slug=target,
                description=description,
                role=role,
                is_primary=is_primary or not others,
                settings=kept,
                created_at=now,
                updated_at=now,
                created_by=self.standing.caller.user_id,
            ).activate(at=now)
            await self._make_way(site)
            await self.sites.add(site)
            await self.schemas.create(site)
        return site

    async def _checked(
        self, organization: str, slug: str, name: str, description: str, settings: Mapping[str, Any]
    ) -> tuple[Organization, SiteSlug]:
        """Everything that is wrong is told at once."""
        checks = Checks()
        with checks.part():
            owner = await self._owner(organization)
        with checks.part():
            target = SiteSlug(slug)
        with checks.part():
            check_fields(name, description, settings)
        checks.done()
        return owner, target

    async def _owner(self, slug: str) -> Organization:
        """Locked. Raise `UnknownOrganizationError` for one that is not there, or not for this caller."""
        try:
            organization = await self.organizations.get(slug)
            await self.standing.require(organization, OrganizationRight.MANAGE_SITES)
        except OrganizationNotFoundError as error:
            raise UnknownOrganizationError(slug) from error
        return organization

    async def _make_way(self, site: Site) -> None:
        """There are not two primary sites at any time."""
        if site.is_primary and (primary := await self.sites.find_primary(site.organization_id)):
            await self.sites.save(primary.step_down(at=site.created_at))
