"""What the operations on sites need to be driven to each of their statuses."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from application.shared.ports import UnitOfWork
from application.tenancy.ports import OrganizationRepository
from domain.tenancy.organization import OrganizationChanges
from tests.world import World

SITES: Final = "/api/sites"
ORGANIZATION_SITES: Final = "/api/organizations/{slug}/sites"
WRITTEN: Final = {"name": "M", "description": "", "role": "testing", "settings": {}, "is_primary": False}


def site_bodies(new_site: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """A sound body of each operation that takes one."""
    return {
        f"POST {SITES}": new_site,
        f"POST {ORGANIZATION_SITES}": {"name": new_site["name"], "slug": new_site["slug"]},
        f"PATCH {SITES}/{{slug}}": {"name": "Mars"},
        f"PUT {SITES}/{{slug}}": WRITTEN,
        f"POST {SITES}/{{slug}}/rename": {"slug": new_site["slug"]},
    }


@asynccontextmanager
async def inactive_organization(world: World) -> AsyncIterator[None]:
    """Its owners may change nothing meanwhile."""
    await _set_active(world, is_active=False)
    yield
    await _set_active(world, is_active=True)


async def _set_active(world: World, *, is_active: bool) -> None:
    async with world.acting() as container, await container.get(UnitOfWork):
        organizations = await container.get(OrganizationRepository)
        found = await organizations.get(world.organization)
        await organizations.save(found.change(OrganizationChanges(is_active=is_active), at=world.clock()))
