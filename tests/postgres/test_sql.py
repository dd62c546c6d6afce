from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import bindparam, select

from adapters.postgres.identity.rows import UserRow
from adapters.postgres.pool import open_pool
from adapters.postgres.projects.rows import ProjectRow
from adapters.postgres.session import CommitFailedError, PostgresUnitOfWork, ScopedSession
from adapters.postgres.sql import MissingSiteError, Sql, literal
from domain.tenancy.schema import SchemaName
from domain.tenancy.scope import PlatformScope, SiteScope
from domain.tenancy.site import SiteId
from tests.world import A_TRAIL, World

ACME = SiteScope(SiteId(uuid4()), "acme", SchemaName("acme"))
PROJECTS = Sql(select(ProjectRow.id).where(ProjectRow.name == bindparam("name")))
USERS = Sql(select(UserRow.id))


def test_every_table_is_qualified_with_the_sites_schema() -> None:
    text = PROJECTS.within(ACME)

    assert text.count('"acme".projects') == text.count("projects")
    assert '"tenant"' not in text


def test_a_site_statement_outside_of_a_site_is_refused_before_it_runs() -> None:
    with pytest.raises(MissingSiteError):
        PROJECTS.within(PlatformScope())


def test_users_are_the_scopes_own() -> None:
    assert '"acme".users' in USERS.within(ACME)
    assert '"public".users' in USERS.within(PlatformScope())


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        PROJECTS.args({"names": "x"})


def test_literals_are_quoted() -> None:
    assert literal("it's") == "'it''s'"
    for hostile in ("a\0b", "a\\b"):
        with pytest.raises(ValueError, match="neither"):
            literal(hostile)


@pytest.mark.postgres
async def test_a_table_without_a_schema_is_never_found(database_url: str) -> None:
    pool = await open_pool(database_url, size=2, statements=10, name="test")
    try:
        for table in ("users", "sites", "projects", "tenant.projects", "scope.users"):
            with pytest.raises(asyncpg.UndefinedTableError):
                await pool.fetch(f"select * from {table}")
        assert await pool.fetchval("select current_setting('search_path')") == ""
    finally:
        await pool.close()


@pytest.mark.postgres
async def test_a_transaction_leaves_nothing_behind_on_its_connection(database_url: str) -> None:
    pool = await open_pool(database_url, size=2, statements=10, name="test")
    work = PostgresUnitOfWork(ScopedSession(pool, PlatformScope(), lambda: A_TRAIL))
    try:
        async with work:
            pass
        for _ in range(4):
            assert await pool.fetchval("select coalesce(current_setting('app.actor_label', true), '')") == ""
    finally:
        await pool.close()


@pytest.mark.postgres
async def test_a_swallowed_failure_cannot_be_committed(postgres: World, database_url: str) -> None:
    site = await postgres.site()
    pool = await open_pool(database_url, size=2, statements=10, name="test")
    session = ScopedSession(pool, site, lambda: A_TRAIL)

    async def swallow() -> None:
        async with PostgresUnitOfWork(session):
            with pytest.raises(asyncpg.UndefinedTableError):
                await session.run_script("select * from nowhere")

    try:
        with pytest.raises(CommitFailedError):
            await swallow()
        assert await session.fetch(USERS) == []
    finally:
        await pool.close()
