"""What the operations on sites need to be driven to each of their statuses."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from application.shared.ports import UnitOfWork
from application.tenancy.ports import OrganizationRepository
from domain.tenancy.membership import MemberRole
from domain.tenancy.organization import OrganizationChanges
from tests.world import World

SITES: Final = "/api/sites"
ORGANIZATION_SITES: Final = "/api/organizations/{slug}/sites"
OWNER: Final = "owner"


def is_of_sites(name: str) -> bool:
    return SITES in name or ORGANIZATION_SITES in name


def site_bodies(new_site: dict[str, Any]) -> dict[str, dict[str, Any]]:
    whole = {"name": "M", "description": "", "role": "testing", "settings": {}, "is_primary": False}
    return {
        f"POST {SITES}": new_site,
        f"POST {ORGANIZATION_SITES}": {"name": new_site["name"], "slug": new_site["slug"]},
        f"PATCH {SITES}/{{slug}}": {"name": "Mars"},
        f"PUT {SITES}/{{slug}}": whole,
        f"POST {SITES}/{{slug}}/rename": {"slug": new_site["slug"]},
    }


async def staff(world: World) -> None:
    """An owner of the world's organization; the platform's stranger is a member who may not write."""
    await world.member(MemberRole.OWNER, OWNER)
    await world.member(MemberRole.MEMBER, "stranger")


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
