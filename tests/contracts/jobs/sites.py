"""What becomes of sites while jobs of theirs wait."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from application.shared.ports import UnitOfWork
from application.tenancy.change_organization import ChangeOrganization
from application.tenancy.delete_site import DeleteSite
from application.tenancy.ports import SiteRepository
from application.tenancy.resume_site import ResumeSite
from application.tenancy.suspend_site import SuspendSite
from domain.tenancy.organization import OrganizationChanges
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import SiteStatus
from tests.world import World

Closing = Callable[[World, SiteScope], Awaitable[None]]


async def suspend(world: World, site: SiteScope) -> None:
    async with world.acting() as container:
        await (await container.get(SuspendSite))(slug=site.slug, seen=None)


async def resume(world: World, site: SiteScope) -> None:
    async with world.acting() as container:
        await (await container.get(ResumeSite))(slug=site.slug, seen=None)


async def archive(world: World, site: SiteScope) -> None:
    async with world.acting() as container, await container.get(UnitOfWork):
        sites = await container.get(SiteRepository)
        await sites.save(replace(await sites.get(site.slug), status=SiteStatus.ARCHIVED))


async def delete(world: World, site: SiteScope) -> None:
    async with world.acting() as container:
        await (await container.get(DeleteSite))(slug=site.slug, confirm=site.slug, seen=None)


async def close_organization(world: World, site: SiteScope) -> None:
    async with world.acting() as container:
        change = await container.get(ChangeOrganization)
        await change(slug=world.organization, changes=OrganizationChanges(is_active=False), seen=None)


CLOSINGS: Final = (suspend, archive, delete, close_organization)
