"""For random projects, tasks, owners, assignees, groups and grants, every way to read a task tells the same."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.access.object_access import ObjectAccess
from application.projects.read_projects import ListProjects
from application.projects.views import ProjectQuery
from application.shared.page import PageRequest
from application.tasks.read_tasks import ListTasks, ShowTask
from application.tasks.views import TaskQuery
from domain.access.group import GroupId
from domain.shared.caller import Permission, UserId
from domain.shared.grantable import EVERYTHING, ObjectPermission, with_view
from domain.shared.kinds import PROJECTS, TASKS, TaskNotFoundError
from domain.tasks.task import Task
from domain.tenancy.scope import SiteScope
from tests.contracts.access.objects import VIEW, caller
from tests.contracts.access.test_lists_agree import EXAMPLES, GROUPS, RECEIVERS, USERS, Site, build, sites, users
from tests.contracts.tasks.tasks import a_new_task, add, lend
from tests.world import World, memory_world, postgres_world

Held = dict[UUID, frozenset[ObjectPermission]]
permissions = st.frozensets(st.sampled_from(ObjectPermission), min_size=1)
NUMBERS: Final = st.integers(0, 6)


@dataclass(frozen=True, slots=True)
class Work:
    """Tasks of the projects of a site, by number: which project, whose, whose to do; and to whom which was lent."""

    site: Site
    tasks: list[tuple[int, UserId, UserId | None]]
    lent: dict[tuple[int, UUID], frozenset[ObjectPermission]]

    def made(self) -> list[Task]:
        return [
            a_new_task(self.site.projects[number % len(self.site.projects)], owner, assignee=assignee)
            for number, owner, assignee in self.tasks
        ]

    def held(self, tasks: list[Task], user: UserId) -> Held:
        """The rule, once more and in other words."""
        mine = {user, *(group for group, member in self.site.members if member == user)}
        projects = {project.id: project for project in self.site.projects}
        of_site = self.site.grants.items()  # two numbers may be of one project, and then the later replaces the other
        granted = {(self.site.projects[number % len(projects)].id, to): given_ for (number, to), given_ in of_site}
        held = {task.id: set[ObjectPermission]() for task in tasks}
        for task in tasks:
            if user in (task.owner, projects[task.project].owner):
                held[task.id] |= EVERYTHING
            if user == task.assignee:
                held[task.id].add(VIEW)
            for (project, to), given_ in granted.items():
                if to in mine and project == task.project:
                    held[task.id] |= with_view(given_)
        for (number, to), given_ in self.lent.items():
            if to in mine and tasks:
                held[tasks[number % len(tasks)].id] |= with_view(given_)
        return {task_id: frozenset(given_) for task_id, given_ in held.items()}


works = st.builds(
    Work,
    site=sites,
    tasks=st.lists(st.tuples(NUMBERS, users, st.none() | users), max_size=7),
    lent=st.dictionaries(st.tuples(NUMBERS, st.sampled_from(RECEIVERS)), permissions, max_size=5),
)


async def fill(world: World, name: str, work: Work, tasks: list[Task]) -> SiteScope:
    scope = await build(world, name, work.site)
    await add(world, scope, *tasks)
    given_to: dict[tuple[UUID, UUID], set[ObjectPermission]] = {}
    for (number, receiver), given_ in work.lent.items():
        if tasks:
            given_to.setdefault((tasks[number % len(tasks)].id, receiver), set()).update(given_)
    for (task_id, receiver), all_given in given_to.items():
        task = next(task for task in tasks if task.id == task_id)
        if receiver in GROUPS:
            await lend(world, scope, task, *all_given, group=GroupId(receiver))
        else:
            await lend(world, scope, task, *all_given, user=UserId(receiver))
    return scope


async def read(world: World, scope: SiteScope, tasks: list[Task], user: UserId, *may: Permission) -> Held:
    """What one user may do with each task, after checking that lists, counts and single reads say the same."""
    async with world.acting(scope, caller(user, *may)) as container:
        list_tasks, show_task = await container.get(ListTasks), await container.get(ShowTask)
        access = await container.get(ObjectAccess)
        held: Held = {}
        for task in tasks:
            try:
                held[task.id] = await access.look(TASKS, task.id)
                assert (await show_task(task_id=task.id)).id == task.id
            except TaskNotFoundError:
                with pytest.raises(TaskNotFoundError):
                    await show_task(task_id=task.id)
        paged = []
        for number in range(1, len(tasks) + 2):
            page = await list_tasks(TaskQuery(page=PageRequest(number=number, size=2)))
            assert page.count == len(held)
            paged += [one.id for one in page.results]
        assert sorted(paged) == sorted(held)
        await check_counts(await container.get(ListProjects), list_tasks)
    return held


async def check_counts(list_projects: ListProjects, list_tasks: ListTasks) -> None:
    """Each project has as many tasks as whoever sees it finds in it."""
    for project in (await list_projects(ProjectQuery(page=PageRequest(size=100)))).results:
        assert (await list_tasks(TaskQuery(project=project.id))).count == project.task_count


async def check(worlds: list[World], name: str, work: Work) -> None:
    lent = {(number % len(work.tasks), to): given_ for (number, to), given_ in work.lent.items()} if work.tasks else {}
    work, tasks = replace(work, lent=lent), work.made()
    scopes = [await fill(world, name, work, tasks) for world in worlds]
    for user in USERS:
        for may in ((), (TASKS.view,), (PROJECTS.view,)):
            memory, postgres = [
                await read(world, scope, tasks, user.id, *may) for world, scope in zip(worlds, scopes, strict=True)
            ]
            seen = {
                task_id: given_ | ({VIEW} if may else set()) for task_id, given_ in work.held(tasks, user.id).items()
            }
            assert memory == postgres == {task_id: given_ for task_id, given_ in seen.items() if given_}


@pytest.mark.postgres
def test_every_way_to_read_tells_the_same(database_url: str) -> None:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        worlds = [
            runner.run(stack.enter_async_context(memory_world())),
            runner.run(stack.enter_async_context(postgres_world(database_url))),
        ]
        names = iter(f"work{number}" for number in range(100_000))

        @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
        @given(works)
        def agree(work: Work) -> None:
            runner.run(check(worlds, next(names), work))

        try:
            agree()
        finally:
            runner.run(stack.aclose())
