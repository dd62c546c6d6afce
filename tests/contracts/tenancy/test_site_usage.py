"""What a site takes, as its organization sees it."""

import pytest

from application.access.create_group import CreateGroup
from application.projects.open_project import OpenProject
from application.projects.read_projects import ListProjects
from application.projects.views import ProjectQuery
from application.tasks.open_task import OpenTask
from application.tenancy.read_sites import ShowSiteUsage
from application.tenancy.suspend_site import SuspendSite
from application.tenancy.views import SiteRowsView, SiteUsageView
from domain.projects.project import ProjectStatus
from domain.shared.caller import SITE_PERMISSIONS, Caller, UserId
from domain.shared.kinds import ProjectId
from domain.tenancy.plan import LIMITS, Plan
from domain.tenancy.scope import SiteScope
from tests.world import World


async def usage(world: World) -> SiteUsageView:
    async with world.acting() as container:
        return await (await container.get(ShowSiteUsage))(slug=world.slug())


async def open_projects(world: World, scope: SiteScope, number: int) -> None:
    owner = await world.admin(scope)
    async with world.acting(scope) as container:
        open_project = await container.get(OpenProject)
        for name in range(number):
            await open_project(name=str(name), description="x" * 5000, status=ProjectStatus.ACTIVE, owner=owner.id)


async def test_counts_the_rows_of_this_site_alone(world: World) -> None:
    scope = await world.site()
    await open_projects(world, await world.site("other"), 2)
    await open_projects(world, scope, 3)
    async with world.acting(scope) as container:
        await (await container.get(CreateGroup))(name="Readers", permissions=())
        (project, *_) = (await (await container.get(ListProjects))(ProjectQuery())).results
    opener = Caller(label="admin", permissions=SITE_PERMISSIONS, user_id=UserId(project.owner))
    async with world.acting(scope, opener) as container:
        await (await container.get(OpenTask))(project=ProjectId(project.id), title="Paint")
    async with world.acting() as container:
        await (await container.get(SuspendSite))(slug=world.slug(), seen=None)

    used = await usage(world)
    assert used.rows == SiteRowsView(users=1, projects=3, tasks=1, groups=1)
    assert used.max_storage_bytes == LIMITS[Plan.ENTERPRISE].storage_bytes


@pytest.mark.postgres
async def test_measures_tables_with_their_indexes(postgres: World) -> None:
    scope = await postgres.site()
    empty = await usage(postgres)
    await open_projects(postgres, scope, 30)
    filled = await usage(postgres)

    assert empty.bytes > 100_000
    assert filled.bytes > empty.bytes
