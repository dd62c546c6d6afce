"""For random owners, groups and grants: list, count, pages and single reads agree, in memory and in PostgreSQL."""

import asyncio
import os
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.identity.ports import UserRepository
from application.projects.read_projects import ListProjects, ShowProject
from application.projects.views import ProjectOrder, ProjectQuery
from application.shared.page import PageRequest
from domain.access.group import GroupId
from domain.projects.project import Project, ProjectNotFoundError
from domain.shared.caller import Permission, UserId
from domain.shared.grantable import ObjectPermission, with_view
from domain.tenancy.scope import SiteScope
from tests.contracts.access.objects import a_new_project, add, caller, share, transaction
from tests.domain.identity.people import a_user
from tests.groups import a_group
from tests.world import World, memory_world, postgres_world

EXAMPLES: Final = int(os.environ.get("TARUVI_TEST_EXAMPLES", "25"))
USERS: Final = [a_user(number) for number in range(1, 5)]
GROUPS: Final = [GroupId(UUID(int=number)) for number in range(11, 14)]
RECEIVERS: Final = [*(user.id for user in USERS), *GROUPS]
users, groups = st.sampled_from([user.id for user in USERS]), st.sampled_from(GROUPS)
permissions = st.frozensets(st.sampled_from(ObjectPermission), min_size=1)


@dataclass(frozen=True, slots=True)
class Site:
    """What is in a site: who owns which project, who is in which group, what is granted to whom."""

    projects: list[Project]
    members: frozenset[tuple[GroupId, UserId]]
    grants: dict[tuple[int, UUID], frozenset[ObjectPermission]]

    def may_view(self, user: UserId) -> set[UUID]:
        """The rule, once more and in other words."""
        mine = {user, *(group for group, member in self.members if member == user)}
        granted = {self.projects[number % len(self.projects)].id for number, to in self.grants if to in mine}
        return granted | {project.id for project in self.projects if project.owner == user}


sites = st.builds(
    Site,
    projects=st.lists(st.builds(a_new_project, owner=users), min_size=1, max_size=7),
    members=st.frozensets(st.tuples(groups, users)),
    grants=st.dictionaries(st.tuples(st.integers(0, 6), st.sampled_from(RECEIVERS)), permissions, max_size=8),
)


async def build(world: World, name: str, site: Site) -> SiteScope:
    scope = await world.site(name)
    async with transaction(world, scope) as container:
        for user in USERS:
            await (await container.get(UserRepository)).add(user)
    await add(world, scope, *site.projects)
    for group in GROUPS:
        await a_group(world, scope, *(user for to, user in site.members if to == group), group=group)
    for (number, receiver), given_ in site.grants.items():
        project = site.projects[number % len(site.projects)]
        to_group = receiver in GROUPS
        await share(
            world,
            scope,
            project,
            with_view(given_),
            user=None if to_group else UserId(receiver),
            group=GroupId(receiver) if to_group else None,
        )
    return scope


async def read(world: World, scope: SiteScope, site: Site, user: UserId, *may: Permission) -> list[UUID]:
    """The ids in the list of one user, after checking that all other ways to read say the same."""
    async with world.acting(scope, caller(user, *may)) as container:
        list_projects, show_project = await container.get(ListProjects), await container.get(ShowProject)
        query = ProjectQuery(ordering=ProjectOrder.NAME, page=PageRequest(size=100))
        whole = await list_projects(query)
        listed = [one.id for one in whole.results]
        paged = []
        for number in range(1, len(site.projects) + 2):
            page = await list_projects(replace(query, page=PageRequest(number=number, size=2)))
            assert page.count == whole.count == len(listed)
            paged += [one.id for one in page.results]
        assert paged == listed
        shown = []
        for project in site.projects:
            try:
                shown.append((await show_project(project_id=project.id)).id)
            except ProjectNotFoundError:
                continue
        assert set(shown) == set(listed)
    return listed


async def check(worlds: list[World], name: str, site: Site) -> None:
    scopes = [await build(world, name, site) for world in worlds]
    for user in USERS:
        for may in ((), (Permission.PROJECTS_VIEW,)):
            memory, postgres = [
                await read(world, scope, site, user.id, *may) for world, scope in zip(worlds, scopes, strict=True)
            ]
            assert memory == postgres
            assert set(memory) == ({one.id for one in site.projects} if may else site.may_view(user.id))


@pytest.mark.postgres
def test_every_way_to_read_shows_the_same(database_url: str) -> None:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        worlds = [
            runner.run(stack.enter_async_context(memory_world())),
            runner.run(stack.enter_async_context(postgres_world(database_url))),
        ]
        names = iter(f"site{number}" for number in range(100_000))

        @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
        @given(sites)
        def agree(site: Site) -> None:
            runner.run(check(worlds, next(names), site))

        try:
            agree()
        finally:
            runner.run(stack.aclose())
