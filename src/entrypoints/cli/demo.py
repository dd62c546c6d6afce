"""The data of `taruvi dev`. Every step can be repeated; what is there stays as it is."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from dishka import AsyncContainer

from application.access.grant_views import SEES_ALL
from application.identity.create_admin import CreateAdmin
from application.identity.ports import UserRepository
from application.projects.ports import ProjectReader, ProjectRepository
from application.projects.views import ProjectQuery
from application.shared.page import PageRequest
from application.shared.ports import Clock, NewId, UnitOfWork
from application.tenancy.create_organization import CreateOrganization
from application.tenancy.create_site import CreateSite
from application.tenancy.invite_member import InviteMember
from domain.access.group import GroupNameTakenError
from domain.projects.project import Project, ProjectId, ProjectStatus
from domain.tenancy.invitation import InvitationPendingError
from domain.tenancy.membership import MemberExistsError, MemberRole
from domain.tenancy.organization import OrganizationSlugTakenError
from domain.tenancy.plan import Plan
from domain.tenancy.site import SiteRole, SlugTakenError
from entrypoints.cli.demo_files import Send, make_files, send
from entrypoints.cli.demo_members import make_members
from entrypoints.cli.demo_sharing import make_reviewers
from entrypoints.cli.demo_tasks import TASKS, make_tasks
from entrypoints.cli.operator import acting_in

USERNAME: Final = "admin"
PASSWORD: Final = "taruvi-demo"  # noqa: S105  the demo's, told to everybody; refused in production
ORGANIZATION: Final = "acme"
INVITED: Final = "invited@acme.example"
SITES: Final = {"acme": "Acme", "client2": "Client Two"}
_PROJECTS: Final = 240
_WORK: Final = ("Website relaunch", "Office move", "Price list", "Trade fair", "Data cleansing")
_PLACES: Final = ("Berlin", "Mumbai", "Lisbon", "Osaka", "Nairobi", "Toronto", "Lima", "Oslo")


async def make_demo(app: AsyncContainer, report: Callable[[str], None], send: Send = send) -> None:
    """A platform admin, the organization Acme with two members, and its two sites: admin, projects, tasks, files."""
    report("demo: the platform's admin and the organization Acme")
    async with acting_in(app) as container:
        await _admin(container, "admin@platform.example")
        with suppress(OrganizationSlugTakenError):
            await (await container.get(CreateOrganization))(name="Acme", slug=ORGANIZATION, plan=Plan.PROFESSIONAL)
    report(f"demo: an invitation to {INVITED}")
    async with acting_in(app) as container:
        await _invitation(container)
    for slug, name in SITES.items():
        report(f"demo: the site {slug} with {_PROJECTS} projects and {TASKS} tasks")
        async with acting_in(app) as container:
            create_site = await container.get(CreateSite)
            with suppress(SlugTakenError):
                await create_site(
                    organization=ORGANIZATION,
                    name=name,
                    slug=slug,
                    description=f"The demo site of {name}.",
                    role=SiteRole.PRODUCTION,
                )
        async with acting_in(app, slug) as container:
            await _admin(container, f"admin@{slug}.example")
            await _projects(container)
            if slug == ORGANIZATION:
                with suppress(GroupNameTakenError):
                    await make_reviewers(container, PASSWORD)
            await make_tasks(container, USERNAME)
            await make_files(container, USERNAME, send)
    report("demo: the members olivia and mark")
    await make_members(app, ORGANIZATION, next(iter(SITES)), PASSWORD)


async def _admin(container: AsyncContainer, email: str) -> None:
    users = await container.get(UserRepository)
    if await users.find_by_login(USERNAME) is None:
        create_admin = await container.get(CreateAdmin)
        await create_admin(username=USERNAME, email=email, password=PASSWORD)


async def _invitation(container: AsyncContainer) -> None:
    """One that is pending, unless whoever got it before has become a member."""
    with suppress(InvitationPendingError, MemberExistsError):
        await (await container.get(InviteMember))(
            organization=ORGANIZATION,
            email=INVITED,
            role=MemberRole.MEMBER,
            message="Welcome to Acme!",
            metadata={},
        )


async def _projects(container: AsyncContainer) -> None:
    """All in one transaction: there are none, or all of them."""
    projects = await container.get(ProjectRepository)
    found = await (await container.get(ProjectReader)).page(ProjectQuery(page=PageRequest(size=1)), SEES_ALL)
    owner = await (await container.get(UserRepository)).find_by_login(USERNAME)
    if found.count or owner is None:
        return
    clock, new_id = await container.get(Clock), await container.get(NewId)
    statuses = list(ProjectStatus)
    async with await container.get(UnitOfWork):
        for number in range(_PROJECTS):
            now = clock()
            place = _PLACES[number // len(_WORK) % len(_PLACES)]
            project = Project(
                id=ProjectId(new_id()),
                name=f"{_WORK[number % len(_WORK)]} {place} {number + 1}",
                description=f"Everything that {place} needs.",
                status=statuses[number % len(statuses)],
                owner=owner.id,
                created_at=now,
                updated_at=now,
                created_by=owner.id,
            )
            await projects.add(project)
