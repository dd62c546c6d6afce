"""What is asked of PostgreSQL where there are many tasks and many grants: how often, and by which way."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import asyncpg
import pytest

from adapters.postgres.access.objects import PostgresGrantableObjects
from adapters.postgres.projects.reader import PostgresProjectReader
from adapters.postgres.session import PostgresUnitOfWork
from adapters.postgres.tasks.dashboard import PostgresDashboardReader
from adapters.postgres.tasks.reader import PostgresTaskReader
from adapters.postgres.tasks.repository import PostgresTaskRepository
from application.access.grant_views import SEES_ALL, Viewer
from application.access.object_access import ObjectAccess
from application.projects.views import ProjectOrder, ProjectQuery
from application.shared.page import PageRequest, Period
from application.tasks.change_statuses import ChangeStatuses, SeenTask
from application.tasks.show_dashboard import ShowDashboard
from application.tasks.task_authority import TaskAuthority
from application.tasks.views import TaskQuery
from domain.shared.caller import Caller, UserId
from domain.shared.kinds import TaskId
from domain.tasks.task import TaskPriority, TaskStatus
from domain.tenancy.scope import SiteScope
from tests.contracts.access.objects import CHANGE, VIEW, a_project, caller, share
from tests.contracts.tasks.tasks import a_new_task, add
from tests.domain.identity.people import NOON
from tests.domain.tasks.tasks import TODAY
from tests.postgres.watched import WatchedSession, plan, watched
from tests.world import OPERATOR, World

pytestmark = pytest.mark.postgres
TASKS, PROJECTS = 20_000, 100
FILL: Final = f"""
insert into users select (jsonb_populate_record(null::users, to_jsonb(users) || jsonb_build_object(
    'id', md5('u' || n)::uuid, 'username', 'u' || n, 'email', 'u' || n || '@x.example'))).*
from users, generate_series(1, 100) n where username = 'ada';
insert into projects select md5('p' || n)::uuid, 'P' || lpad(n::text, 3, '0'), '', 'active', md5('u' || n)::uuid,
    now() - n * interval '1 hour', now(), null, 1 from generate_series(1, {PROJECTS}) n;
insert into tasks (id, project_id, title, description, status, priority, assignee_id, due_date, completed_at, owner_id,
    created_at, updated_at, version)
select md5('t' || n)::uuid, md5('p' || 1 + n % {PROJECTS})::uuid, 'T' || n, repeat('x', 300), status,
    case when n % 50 = 0 then 'urgent' else 'normal' end, case when n % 50 > 0 then md5('u' || 1 + n % 97)::uuid end,
    date '2026-01-01' + n % 500 - 490,
    case status when 'done' then timestamptz '2026-01-01' - n * interval '1 hour' end,
    md5('u' || 1 + n % 89)::uuid, timestamptz '2026-01-01' - n * interval '1 minute', now(), 1
from generate_series(1, {TASKS}) n, lateral (select case when n % 30 < 28 then 'done' when n % 30 = 28 then 'todo'
    else 'cancelled' end as status) s;
insert into grants (id, resource, object_id, user_id, permissions, created_at, updated_at, version)
select md5('g' || n)::uuid, 'tasks', md5('t' || n)::uuid, md5('u' || 1 + n % 83)::uuid, array['view'], now(), now(), 1
from generate_series(1, 10000) n;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    site: SiteScope
    ada: UserId
    session: WatchedSession
    psql: asyncpg.Connection


@pytest.fixture
async def scene(postgres: World, database_url: str) -> AsyncIterator[Scene]:
    """A site with many tasks of many people; Ada owns nothing yet."""
    site = await postgres.site()
    ada = (await postgres.user(site, "ada")).id
    psql = await asyncpg.connect(database_url)
    path = f'set search_path = "{site.schema.name}"'
    await psql.execute(f"{path}; set session_replication_role = replica; {FILL}; reset session_replication_role")
    await psql.execute("reset search_path")
    for table in ("users", "projects", "tasks", "grants"):
        await psql.execute(f'vacuum analyze "{site.schema.name}".{table}')
    async with watched(database_url, site) as session:
        yield Scene(site=site, ada=ada, session=session, psql=psql)
    await psql.close()


FILTERS: Final[dict[str, dict[str, Any]]] = {
    "status": {"status": TaskStatus.TODO},
    "priority": {"priority": TaskPriority.URGENT},
    "unassigned": {"unassigned": True},
    "due from": {"due_from": TODAY + timedelta(days=1)},
    "due until": {"due_until": TODAY - timedelta(days=485)},
    "overdue": {"overdue": True},
    "completed": {"completed": Period(start=NOON - timedelta(days=20))},
    "created": {"created": Period(start=NOON - timedelta(days=1))},
}


async def _plans(scene: Scene, viewer: Viewer, **query: Any) -> str:
    del scene.session.asked[:]
    await PostgresTaskReader(scene.session).page(TaskQuery(**query), viewer, today=TODAY)
    (asked,) = scene.session.asked
    return await plan(scene.psql, asked)


async def test_every_filter_finds_its_tasks_by_an_index(scene: Scene) -> None:
    first = await scene.psql.fetchrow(f'select * from "{scene.site.schema.name}".tasks where assignee_id is not null')
    assert first is not None
    one = {"project": first["project_id"], "assignee": first["assignee_id"], "owner": first["owner_id"]}
    filters = FILTERS | {name: {name: value} for name, value in one.items()}
    whole = {name for name, query in filters.items() if "Seq Scan on tasks" in await _plans(scene, SEES_ALL, **query)}

    assert whole == set()


async def test_whoever_sees_some_never_looks_at_all_tasks(scene: Scene) -> None:
    viewer = UserId(await scene.psql.fetchval("select md5('u1')::uuid"))
    plans = {"no filter": await _plans(scene, viewer)}
    plans |= {name: await _plans(scene, viewer, **query) for name, query in FILTERS.items()}

    assert {name for name, text in plans.items() if "Seq Scan on tasks" in text} == set()


async def test_the_dashboard_asks_once_for_each_of_its_numbers(scene: Scene) -> None:
    for who in (OPERATOR, caller(scene.ada)):
        for project in (None, TaskId(scene.ada)):
            del scene.session.asked[:]
            access = ObjectAccess(caller=who, objects=PostgresGrantableObjects(scene.session))
            reader = PostgresDashboardReader(scene.session)
            await ShowDashboard(access=access, reader=reader, clock=lambda: NOON)(project=project)
            assert len(scene.session.asked) == 4, "open, overdue, done per week, workload"


async def _asked_in_bulk(scene: Scene, who: Caller, tasks: list[TaskId]) -> int:
    """How many statements it takes to find out that nothing is to be changed."""
    del scene.session.asked[:]
    access = ObjectAccess(caller=who, objects=PostgresGrantableObjects(scene.session))
    use_case = ChangeStatuses(
        access=access,
        authority=TaskAuthority(caller=who, access=access),
        tasks=PostgresTaskRepository(scene.session),
        work=PostgresUnitOfWork(scene.session),
        clock=lambda: NOON,
    )
    outcomes = await use_case(tasks=[SeenTask(task_id=task) for task in tasks], status=TaskStatus.TODO)
    assert [one.refusal for one in outcomes] == [None] * len(tasks)
    return len(scene.session.asked)


async def test_a_hundred_tasks_are_asked_for_as_often_as_one(postgres: World, scene: Scene) -> None:
    owner = (await postgres.user(scene.site, "olga")).id
    tasks = []
    for _ in range(2):
        project = await a_project(postgres, scene.site, owner)
        await share(postgres, scene.site, project, [VIEW, CHANGE], user=scene.ada)
        made = [a_new_task(project, owner) for _ in range(50)]
        await add(postgres, scene.site, *made)
        tasks += [task.id for task in made]

    one = await _asked_in_bulk(scene, caller(scene.ada), tasks[:1])
    assert await _asked_in_bulk(scene, caller(scene.ada), tasks) == one


@pytest.mark.parametrize("ordering", [ProjectOrder.NAME, ProjectOrder.CREATED_AT_DOWN])
async def test_tasks_are_counted_for_the_page_and_not_for_those_before_it(scene: Scene, ordering: ProjectOrder) -> None:
    query = ProjectQuery(page=PageRequest(number=9, size=10), ordering=ordering)
    page = await PostgresProjectReader(scene.session).page(query, SEES_ALL)
    ((text, values),) = scene.session.asked

    assert [one.name for one in page.results] == [f"P{number:03}" for number in range(81, 91)]
    assert {one.task_count for one in page.results} == {TASKS // PROJECTS}
    counts = re.findall(r"on tasks.*loops=(\d+)", await plan(scene.psql, (text, values)))
    assert {int(loops) for loops in counts} == {10}


async def test_what_goes_takes_its_grants_along_without_reading_all_of_them(scene: Scene) -> None:
    schema = scene.site.schema.name
    scans = "select seq_scan from pg_stat_xact_user_tables where schemaname = $1 and relname = 'grants'"
    async with scene.psql.transaction():
        await scene.psql.execute(f"delete from \"{schema}\".tasks where project_id = md5('p1')::uuid")
        assert await scene.psql.fetchval(scans, schema) == 0
        tasks = f'select from "{schema}".tasks t where t.id = g.object_id'
        left = f"select count(*) from \"{schema}\".grants g where resource = 'tasks' and not exists ({tasks})"
        assert await scene.psql.fetchval(left) == 0
