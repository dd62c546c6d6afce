"""A feature that is not ours gets grants by declaring itself: a table, its row class, one `Grantable`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import Any, Final
from uuid import UUID

import asyncpg
import pytest
from litestar import Litestar
from sqlalchemy import Uuid, select
from sqlalchemy.orm import mapped_column

from adapters.memory.database import MemorySchema
from adapters.postgres.access.viewable import viewable
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql, quoted
from adapters.postgres.tables import TENANT, Table
from application.access.grant_views import GrantQuery
from application.access.object_access import ObjectAccess
from application.access.read_grants import ListGrants
from application.access.share_object import ShareObject
from application.projects.read_projects import ListProjects
from application.projects.views import ProjectQuery
from application.shared.ports import UnitOfWork
from domain.projects.project import PROJECTS, ProjectNotFoundError
from domain.shared.caller import NotPermittedError, Permission, UserId
from domain.shared.errors import NotFoundError
from domain.shared.grantable import EVERYTHING, Grantable, Party, Within
from domain.shared.kinds import TASKS
from entrypoints.grantable import GRANTABLE
from entrypoints.http.grants import grants_on
from entrypoints.identifiers import new_id
from tests.contracts.access.objects import CHANGE, DELETE, VIEW, a_project, caller, share
from tests.contracts.tasks.tasks import a_task
from tests.world import World

_NUMBERS: Final = count(1)


class NoteNotFoundError(NotFoundError):
    code = "note_not_found"


NOTES: Final = Grantable(
    resource="notes",
    noun="note",
    view=Permission.PROJECTS_VIEW,
    change=Permission.PROJECTS_CHANGE,
    delete=Permission.PROJECTS_DELETE,
    share=Permission.PROJECTS_SHARE,
    absent=NoteNotFoundError,
)
MIGRATION: Final = """
    create table {schema}.notes (id uuid primary key, owner_id uuid not null references {schema}.users);
    create trigger grants after delete on {schema}.notes
        for each row execute function {schema}.forget_grants('notes');
"""


@contextmanager
def a_row_class(*more: str) -> Iterator[Any]:
    """For as long as a test runs: migrations are compared with all the tables there are.

    Each is a class of its own, for SQLAlchemy remembers a name as long as the class lives.
    """
    columns = {"id": mapped_column(Uuid, primary_key=True), "owner_id": mapped_column(Uuid)}
    columns |= {name: mapped_column(Uuid) for name in more}
    table = {"__tablename__": "notes", "__table_args__": ({"schema": TENANT},), "__module__": __name__}
    row: Any = type(f"NoteRow{next(_NUMBERS)}", (Table,), table | columns)
    try:
        yield row
    finally:
        Table.metadata.remove(Table.metadata.tables[f"{TENANT}.notes"])


@pytest.mark.postgres
async def test_it_is_listed_shared_used_and_forgotten(postgres: World, database_url: str) -> None:
    site = await postgres.site()
    ada, bob = (await postgres.user(site, "ada")).id, (await postgres.user(site, "bob")).id
    mine, other = new_id(), new_id()
    connection = await asyncpg.connect(database_url)
    await connection.execute(MIGRATION.format(schema=quoted(site.schema)))
    notes = f"{quoted(site.schema)}.notes"
    await connection.executemany(f"insert into {notes} values ($1, $2)", [(mine, ada), (other, ada)])

    with a_row_class() as row:
        listed = Sql(select(row.id).where(viewable(NOTES, row)))

        async def seen_by(user: UserId) -> set[UUID]:
            async with postgres.acting(site) as container:
                return {one[0] for one in await (await container.get(ScopedSession)).fetch(listed, viewer=user)}

        assert (await seen_by(ada), await seen_by(bob)) == ({mine, other}, set())
        async with postgres.acting(site, caller(ada)) as container:
            share = await container.get(ShareObject)
            grant = await share(NOTES, object_id=mine, user=bob, group=None, permissions={CHANGE})
        assert await seen_by(bob) == {mine}
        async with postgres.acting(site, caller(bob)) as container:
            access = await container.get(ObjectAccess)
            await access.require(NOTES, mine, ada, CHANGE)
            with pytest.raises(NotPermittedError, match="delete this note"):
                await access.require(NOTES, mine, ada, DELETE)
            with pytest.raises(NoteNotFoundError, match=f"there is no note {other}"):
                await access.require(NOTES, other, ada, VIEW)
            page = await (await container.get(ListGrants))(NOTES, object_id=mine, query=GrantQuery())
            assert [one.id for one in page.results] == [grant.id]
    await connection.execute(f"delete from {notes} where id = $1", mine)
    assert await connection.fetchval(f"select count(*) from {quoted(site.schema)}.grants") == 0
    await connection.close()


@pytest.mark.postgres
async def test_a_grant_on_one_kind_is_none_on_another_with_the_same_id(postgres: World, database_url: str) -> None:
    site = await postgres.site()
    ada, bob = (await postgres.user(site, "ada")).id, (await postgres.user(site, "bob")).id
    project = await a_project(postgres, site, ada)
    connection = await asyncpg.connect(database_url)
    await connection.execute(MIGRATION.format(schema=quoted(site.schema)))
    await connection.execute(f"insert into {quoted(site.schema)}.notes values ($1, $2)", project.id, ada)
    await connection.close()

    with a_row_class():
        async with postgres.acting(site, caller(ada)) as container:
            share = await container.get(ShareObject)
            await share(NOTES, object_id=project.id, user=bob, group=None, permissions=EVERYTHING)
        async with postgres.acting(site, caller(bob)) as container:
            assert (await (await container.get(ObjectAccess)).look(NOTES, project.id)) == EVERYTHING
    async with postgres.acting(site, caller(bob)) as container:
        assert (await (await container.get(ListProjects))(ProjectQuery())).count == 0
        with pytest.raises(ProjectNotFoundError):
            await (await container.get(ObjectAccess)).look(PROJECTS, project.id)


@pytest.mark.postgres
async def test_it_may_lie_in_one_of_several_and_have_parties(postgres: World, database_url: str) -> None:
    """A note on a project or on a task, which tells a reader of it: who may view where it lies may view the note."""
    site = await postgres.site()
    ada, bob, cleo, dan, eve = [(await postgres.user(site, name)).id for name in ("ada", "bob", "cleo", "dan", "eve")]
    project = await a_project(postgres, site, ada)
    task = await a_task(postgres, site, project, ada, assignee=cleo)
    await share(postgres, site, project, [CHANGE], user=bob)
    on_project, on_task = new_id(), new_id()
    connection = await asyncpg.connect(database_url)
    notes = f"{quoted(site.schema)}.notes"
    await connection.execute(
        f"create table {notes} (id uuid primary key, owner_id uuid, project_id uuid, task_id uuid, reader_id uuid)"
    )
    await connection.execute(f"insert into {notes} values ($1, $2, $3, null, $4)", on_project, ada, project.id, dan)
    await connection.execute(f"insert into {notes} values ($1, $2, null, $3, null)", on_task, ada, task.id)
    await connection.close()
    reader = Party(field="reader", may=frozenset({VIEW}), reaches=frozenset({VIEW}))
    around = (Within(field="project", kind=PROJECTS), Within(field="task", kind=TASKS))
    kind = replace(NOTES, within=around, parties=(reader,))

    with a_row_class("project_id", "task_id", "reader_id") as row:
        listed = Sql(select(row.id).where(viewable(kind, row)))
        everything = {on_project: EVERYTHING, on_task: EVERYTHING}
        for user, held in (
            (ada, everything),
            (bob, {on_project: {VIEW, CHANGE}, on_task: {VIEW, CHANGE}}),
            (cleo, {on_task: {VIEW}}),
            (dan, {on_project: {VIEW}}),
            (eve, {}),
        ):
            async with postgres.acting(site, caller(user)) as container:
                session, access = await container.get(ScopedSession), await container.get(ObjectAccess)
                assert {one[0] for one in await session.fetch(listed, viewer=user)} == held.keys()
                async with await container.get(UnitOfWork):
                    found = await access.lock_each(kind, [on_project, on_task, new_id()])
                assert {note: given for note, given in found.items() if given} == held
            objects = (await container.get(ObjectAccess)).objects
            for holder, exceeds in ((ada, False), (eve, bool(held) and user in (ada, dan))):
                given = await objects.exceed(kind, user=user, group=None, holder=holder, everywhere=frozenset())
                assert given == exceeds, "what lies in something is asked of that kind"


def test_its_endpoints_are_named_after_it() -> None:
    app = Litestar([grants_on(NOTES)])

    assert "/api/notes/{object_id:uuid}/grants" in {route.path for route in app.routes}


@pytest.mark.parametrize("kind", GRANTABLE, ids=lambda kind: kind.resource)
def test_every_kind_is_kept_in_memory_and_has_the_columns(kind: Grantable) -> None:
    assert isinstance(getattr(MemorySchema(), kind.resource), dict)
    assert {within.kind for within in kind.within} <= set(GRANTABLE), "what they lie in is asked for, too"
    fields = ["owner", *(within.field for within in kind.within), *(party.field for party in kind.parties)]
    assert {"id", *(f"{field}_id" for field in fields)} <= set(
        Table.metadata.tables[f"{TENANT}.{kind.resource}"].c.keys()
    )


@pytest.mark.postgres
@pytest.mark.parametrize("kind", GRANTABLE, ids=lambda kind: kind.resource)
async def test_grants_on_every_kind_go_with_its_objects(postgres: World, database_url: str, kind: Grantable) -> None:
    site = await postgres.site()
    connection = await asyncpg.connect(database_url)
    found = await connection.fetch(
        "select pg_get_triggerdef(oid) from pg_trigger where tgname = 'grants' and tgrelid = $1::regclass",
        f"{quoted(site.schema)}.{kind.resource}",
    )
    await connection.close()
    assert len(found) == 1
    assert f"forget_grants('{kind.resource}')" in found[0][0]
