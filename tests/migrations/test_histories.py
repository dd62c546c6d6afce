from collections.abc import AsyncIterator

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.postgres.migrations import PLATFORM_HISTORY, TENANT_HISTORY, History
from adapters.postgres.sql import create_schema, script_within
from adapters.postgres.tables import metadata_of
from domain.tenancy.schema import SchemaName
from tests.migrations.catalog import catalog_of
from tests.world import World

pytestmark = pytest.mark.postgres
SCRATCH = SchemaName("scratch")
histories = pytest.mark.parametrize("history", [PLATFORM_HISTORY, TENANT_HISTORY], ids=lambda h: h.name)


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """In a transaction that is rolled back."""
    connection = await asyncpg.connect(database_url, server_settings={"search_path": ""})
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute(create_schema(SCRATCH))
    yield connection
    await transaction.rollback()
    await connection.close()


@histories
async def test_up_down_and_up_again_ends_where_it_began(connection: asyncpg.Connection, history: History) -> None:
    await connection.execute(script_within(history.whole, SCRATCH))
    before = await catalog_of(connection, "scratch")
    revisions = [script.revision for script in ScriptDirectory(str(history.folder)).walk_revisions()]
    for newer, older in zip(revisions, [*revisions[1:], "base"], strict=True):
        await connection.execute(script_within(history.downgrade(newer, older), SCRATCH))
    left = await catalog_of(connection, "scratch")
    assert {column.partition(",")[0] for column in left["columns"]} == {"('alembic_version'"}
    assert left["functions"] == left["triggers"] == []
    await connection.execute("drop table scratch.alembic_version")
    await connection.execute(script_within(history.whole, SCRATCH))

    assert await catalog_of(connection, "scratch") == before


@histories
async def test_rows_and_migrations_say_the_same(database_url: str, history: History) -> None:
    """Autogenerate would write an empty migration."""
    engine = create_async_engine(database_url.replace("postgresql://", "postgresql+asyncpg://", 1))

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata_of(history.schemas)))

    async with engine.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        await connection.exec_driver_sql(create_schema(SCRATCH))
        await raw.execute(script_within(history.whole, SCRATCH))
        await connection.exec_driver_sql("select set_config('search_path', 'scratch', true)")
        found = await connection.run_sync(differences)
        await connection.rollback()
    await engine.dispose()

    assert found == []


@histories
async def test_every_table_has_its_audit_trigger(connection: asyncpg.Connection, history: History) -> None:
    await connection.execute(script_within(history.whole, SCRATCH))
    tables = await connection.fetch(
        "select c.relname from pg_class c where c.relnamespace = 'scratch'::regnamespace and c.relkind = 'r' "
        "and not exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'audit')"
    )

    counts = {"organization_storage", "site_storage", "jobs", "backups"} if history is PLATFORM_HISTORY else set()
    assert {table["relname"] for table in tables} == {"history", "alembic_version"} | counts


@histories
async def test_secret_columns_are_named_in_the_audit_trigger(connection: asyncpg.Connection, history: History) -> None:
    await connection.execute(script_within(history.whole, SCRATCH))
    secrets = await connection.fetch(
        "select c.table_name, c.column_name, pg_get_triggerdef(t.oid) as trigger from information_schema.columns c "
        "join pg_trigger t on t.tgrelid = ('scratch.' || c.table_name)::regclass and t.tgname = 'audit' "
        "where c.table_schema = 'scratch' and c.column_name like '%\\_hash'"
    )

    assert secrets
    for secret in secrets:
        assert f"'{secret['column_name']}'" in secret["trigger"]


async def test_nothing_of_a_site_points_out_of_its_schema(postgres: World, database_url: str) -> None:
    site = await postgres.site()
    connection = await asyncpg.connect(database_url, server_settings={"search_path": ""})
    crossing = await connection.fetch(
        "select conname from pg_constraint k join pg_class f on f.oid = k.confrelid "
        "where k.connamespace = $1::text::regnamespace and f.relnamespace <> k.connamespace",
        site.schema.name,
    )
    functions = await connection.fetch(
        "select tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid "
        "where c.relnamespace = $1::text::regnamespace and not t.tgisinternal and p.pronamespace <> c.relnamespace",
        site.schema.name,
    )
    catalog = await catalog_of(connection, site.schema.name)
    await connection.close()

    assert crossing == functions == []
    assert catalog["views"] == catalog["types"] == []
