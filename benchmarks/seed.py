"""Sites with the peer's data, made by Taruvi's own use cases. What is there stays as it is.

Usage: seed.py COUNT [--empty]    sites t001 … t<COUNT> and tpost, each with a user and 200 projects
                                  (--empty: s001 … s<COUNT>, the sites alone)
The database is TARUVI_DATABASE_URL and must be migrated.
"""

import argparse
import asyncio
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Final

from dishka import AsyncContainer
from rich.progress import track

from application.access.grant_views import SEES_ALL
from application.identity.create_admin import CreateAdmin
from application.identity.ports import UserRepository
from application.projects.ports import ProjectReader, ProjectRepository
from application.projects.views import ProjectQuery
from application.shared.page import PageRequest
from application.shared.ports import Clock, NewId, UnitOfWork
from application.tenancy.create_organization import CreateOrganization
from application.tenancy.create_site import CreateSite
from domain.projects.project import Project, ProjectId, ProjectStatus
from domain.tenancy.organization import OrganizationSlugTakenError
from domain.tenancy.plan import Plan
from domain.tenancy.site import SiteRole, SlugTakenError
from entrypoints.cli.console import err
from entrypoints.cli.operator import acting_in, application
from entrypoints.environment import load_settings
from entrypoints.settings import Settings

USERNAME: Final = "bench"
PASSWORD: Final = "bench-password-1"
ORGANIZATION: Final = "bench"
PROJECTS: Final = 200


async def seed(settings: Settings, slugs: Iterable[str], *, empty: bool) -> None:
    async with application(settings) as app:
        async with acting_in(app) as container:
            with suppress(OrganizationSlugTakenError):
                await (await container.get(CreateOrganization))(
                    name=ORGANIZATION, slug=ORGANIZATION, plan=Plan.ENTERPRISE
                )
            await _user(container, "platform")
        for slug in slugs:
            async with acting_in(app) as container:
                await _site(container, slug)
            if not empty:
                async with acting_in(app, slug) as container:
                    await _user(container, slug)
                    await _projects(container, slug)


async def _site(container: AsyncContainer, slug: str) -> None:
    create_site = await container.get(CreateSite)
    with suppress(SlugTakenError):
        await create_site(
            organization=ORGANIZATION, name=slug.upper(), slug=slug, description="", role=SiteRole.PRODUCTION
        )


async def _user(container: AsyncContainer, domain: str) -> None:
    users = await container.get(UserRepository)
    if await users.find_by_login(USERNAME) is None:
        create_admin = await container.get(CreateAdmin)
        await create_admin(username=USERNAME, email=f"bench@{domain}.example", password=PASSWORD)


async def _projects(container: AsyncContainer, slug: str) -> None:
    """As old and as long as the peer's: one a minute, all in one transaction."""
    found = await (await container.get(ProjectReader)).page(ProjectQuery(page=PageRequest(size=1)), viewer=SEES_ALL)
    owner = await (await container.get(UserRepository)).find_by_login(USERNAME)
    if found.count or owner is None:
        return
    projects, new_id = await container.get(ProjectRepository), await container.get(NewId)
    now = (await container.get(Clock))()
    statuses = list(ProjectStatus)
    async with await container.get(UnitOfWork):
        for number in range(PROJECTS):
            made = now - timedelta(minutes=number)
            project = Project(
                id=ProjectId(new_id()),
                name=f"Project {number} of {slug}",
                description=f"Lorem ipsum dolor sit amet, consectetur adipiscing elit {number}",
                status=statuses[number % len(statuses)],
                owner=owner.id,
                created_at=made,
                updated_at=made,
                created_by=owner.id,
            )
            await projects.add(project)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int, help="how many sites")
    parser.add_argument("--empty", action="store_true", help="sites alone, without user and projects")
    given = parser.parse_args()
    prefix = "s" if given.empty else "t"
    slugs = [f"{prefix}{number:03d}" for number in range(1, given.count + 1)]
    if not given.empty:
        slugs.append("tpost")
    shown = track(slugs, description="sites of Taruvi", console=err, transient=True)
    asyncio.run(seed(load_settings(), shown, empty=given.empty))


if __name__ == "__main__":
    main()
