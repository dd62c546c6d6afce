import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from application.access.grant_views import SEES_ALL
from application.projects.ports import ProjectReader, ProjectRepository
from application.projects.views import ProjectOrder, ProjectQuery, ProjectView
from application.shared.page import PageRequest, Period
from application.shared.ports import UnitOfWork
from domain.projects.project import (
    Project,
    ProjectChanges,
    ProjectId,
    ProjectNotFoundError,
    ProjectStatus,
    UnknownOwnerError,
)
from domain.shared.caller import UserId
from domain.tenancy.scope import Scope
from entrypoints.identifiers import new_id
from tests.world import PLATFORM, World

NOON = datetime(2026, 1, 1, 12, 0, 0, 123456, tzinfo=UTC)


def a_project(owner: UserId, name: str = "Moon", at: datetime = NOON) -> Project:
    return Project(
        id=ProjectId(new_id()),
        name=name,
        description="Far",
        status=ProjectStatus.ON_HOLD,
        owner=owner,
        created_at=at,
        updated_at=at,
        created_by=owner,
    )


async def add(world: World, scope: Scope, *projects: Project) -> None:
    async with world.acting(scope) as container:
        repository = await container.get(ProjectRepository)
        async with await container.get(UnitOfWork):
            for project in projects:
                await repository.add(project)


async def read(world: World, scope: Scope, project_id: ProjectId) -> ProjectView:
    async with world.acting(scope) as container:
        reader: ProjectReader = await container.get(ProjectReader)
        return await reader.get(project_id, SEES_ALL)


async def names(world: World, scope: Scope, query: ProjectQuery | None = None) -> list[str]:
    async with world.acting(scope) as container:
        page = await (await container.get(ProjectReader)).page(query or ProjectQuery(), SEES_ALL)
        return [project.name for project in page.results]


async def test_gives_back_what_was_added(world: World) -> None:
    site = await world.site()
    project = a_project((await world.admin(site)).id)
    await add(world, site, project)

    async with world.acting(site) as container:
        repository = await container.get(ProjectRepository)
        async with await container.get(UnitOfWork):
            assert await repository.get(project.id) == project
    assert await read(world, site, project.id) == ProjectView.of(project, 0)


async def test_two_sites_never_see_each_others(world: World) -> None:
    ant, bee = await world.site("ant"), await world.site("bee")
    owner = (await world.admin(ant)).id
    await world.admin(bee)
    project = a_project(owner)
    await add(world, ant, project)

    assert await names(world, bee) == []
    with pytest.raises(ProjectNotFoundError):
        await read(world, bee, project.id)
    with pytest.raises(UnknownOwnerError):
        await add(world, bee, a_project(owner))
    async with world.acting(bee) as container:
        repository = await container.get(ProjectRepository)
        with pytest.raises(ProjectNotFoundError):
            await repository.save(project)
        with pytest.raises(ProjectNotFoundError):
            await repository.remove(project.id)
    assert await names(world, ant) == ["Moon"]


async def test_the_platform_has_no_projects(world: World) -> None:
    with pytest.raises((LookupError, RuntimeError)):
        await names(world, PLATFORM)


async def test_a_failed_transaction_leaves_nothing(world: World) -> None:
    site = await world.site()
    owner = (await world.admin(site)).id
    with pytest.raises(UnknownOwnerError):
        await add(world, site, a_project(owner), a_project(UserId(UUID(int=7))))

    assert await names(world, site) == []


async def test_saves_every_field(world: World) -> None:
    site = await world.site()
    project = a_project((await world.admin(site)).id)
    other = await world.user(site, "bob")
    await add(world, site, project)
    changes = ProjectChanges(name="Mars", description="", status=ProjectStatus.COMPLETED, owner=other.id)
    changed = project.change(changes, at=NOON + timedelta(days=1))
    async with world.acting(site) as container:
        repository = await container.get(ProjectRepository)
        async with await container.get(UnitOfWork):
            await repository.save(changed)

    assert await read(world, site, project.id) == ProjectView.of(changed, 0)


async def test_no_update_is_lost_under_concurrency(world: World) -> None:
    site = await world.site()
    project = a_project((await world.admin(site)).id)
    await add(world, site, project)

    async def change() -> None:
        async with world.acting(site) as container:
            repository = await container.get(ProjectRepository)
            async with await container.get(UnitOfWork):
                current = await repository.get(project.id)
                await repository.save(current.change(ProjectChanges(), at=NOON))

    await asyncio.gather(*(change() for _ in range(12)))
    assert (await read(world, site, project.id)).version == 13


@pytest.mark.parametrize("ordering", list(ProjectOrder))
async def test_orders_and_breaks_ties_the_same_way_everywhere(world: World, ordering: ProjectOrder) -> None:
    site = await world.site()
    owner = (await world.admin(site)).id
    projects = [a_project(owner, name, NOON + timedelta(hours=hour)) for hour, name in enumerate("badc")]
    twins = [a_project(owner, "a"), a_project(owner, "a")]
    await add(world, site, *projects, *twins)
    query = ProjectQuery(ordering=ordering)

    field = ordering.value.removeprefix("-")
    everything = [ProjectView.of(project, 0) for project in [*projects, *twins]]
    everything.sort(key=lambda view: (getattr(view, field), view.id), reverse=ordering.value.startswith("-"))
    async with world.acting(site) as container:
        page = await (await container.get(ProjectReader)).page(query, SEES_ALL)
    assert page.results == everything
    assert page.count == 6


async def test_counts_what_matches_on_every_page(world: World) -> None:
    site = await world.site()
    owner = (await world.admin(site)).id
    await add(world, site, *(a_project(owner, f"P{number}", NOON + timedelta(hours=number)) for number in range(5)))
    period = Period(start=NOON + timedelta(hours=1), end=NOON + timedelta(hours=3))

    counts = []
    async with world.acting(site) as container:
        reader = await container.get(ProjectReader)
        for number in (1, 2, 3):
            page = await reader.page(ProjectQuery(page=PageRequest(number=number, size=2), created=period), SEES_ALL)
            counts.append((page.count, len(page.results)))
    assert counts == [(3, 2), (3, 1), (3, 0)]
