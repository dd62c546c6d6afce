"""What only a real database can show: who writes past us, who waits for whom, what it costs."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from adapters.postgres.audit import statements
from application.audit.prune_history import PlanPruning, PruneHistory
from domain.projects.project import ProjectId
from domain.shared.caller import Permission
from domain.tenancy.scope import SiteScope
from entrypoints.audited import AUDITED
from tests.contracts.audit.objects import caller_of, changed, of_projects, opened
from tests.world import PLATFORM, World

pytestmark = pytest.mark.postgres
REFUSED = asyncpg.InsufficientPrivilegeError


@pytest.fixture
async def psql(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A plain connection, as psql has it."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def a_project(world: World, site: SiteScope) -> ProjectId:
    ada = await world.user(site, "ada")
    return await opened(world, site, caller_of(ada.id, Permission.PROJECTS_CREATE))


async def test_psql_is_told_by_the_role_of_the_database_and_its_zone_is_no_matter(
    postgres: World, psql: asyncpg.Connection
) -> None:
    site = await postgres.site()
    moon = await a_project(postgres, site)
    await psql.execute("set timezone = 'Pacific/Auckland'")
    await psql.execute(f"update \"{site.schema.name}\".projects set name = 'Mars', updated_at = now()")
    made, by_hand = await of_projects(postgres, site).entries(project_id=moon)

    assert (by_hand.actor.id, by_hand.actor.label, by_hand.request_id) == (None, "database:postgres", None)
    assert by_hand.changes["name"] == ("Moon", "Mars")
    assert by_hand.changes["updated_at"][0] == made.changes["updated_at"][1]
    assert by_hand.changes["updated_at"][1].utcoffset().total_seconds() == 0
    assert (await of_projects(postgres, site).past(by_hand.at, project_id=moon))["name"] == "Mars"


async def test_who_began_first_and_wrote_last_is_last(postgres: World, psql: asyncpg.Connection) -> None:
    """Its time is that of its beginning: only the order of the entries says what followed what."""
    site = await postgres.site()
    moon = await a_project(postgres, site)
    early = psql.transaction()
    await early.start()
    await psql.fetchval("select now()")
    await changed(postgres, site, moon, name="Second")
    await psql.execute(f"update \"{site.schema.name}\".projects set name = 'Third'")
    await early.commit()
    records = of_projects(postgres, site)
    made, second, third = await records.entries(project_id=moon)

    assert third.at < second.at
    assert (await records.past(third.at, project_id=moon))["name"] == "Moon"
    assert (await records.past(second.at, project_id=moon))["name"] == "Third"
    assert (await records.past(made.at, project_id=moon))["name"] == "Moon"


async def old_entry(psql: asyncpg.Connection, schema: str, age: str) -> int:
    number: int = await psql.fetchval(
        f'insert into "{schema}".history (at, operation, table_name, row_id) '
        f"values (now() - interval '{age}', 'insert', 'made_up', gen_random_uuid()) returning id"
    )
    return number


async def test_what_was_still_being_written_when_the_plan_was_made_stays(
    postgres: World, psql: asyncpg.Connection
) -> None:
    site = await postgres.site()
    schema = site.schema.name
    await psql.execute("set session_replication_role = replica")
    await psql.execute(f'delete from "{schema}".history')
    await psql.execute("set session_replication_role = origin")
    old = await old_entry(psql, schema, "900 days")
    running = psql.transaction()
    await running.start()
    young = await old_entry(psql, schema, "0 days")
    await a_project(postgres, site)
    caller = caller_of(None, Permission.HISTORY_PRUNE)
    async with postgres.acting(site, caller) as container:
        plan = await (await container.get(PlanPruning))(older_than=timedelta(days=365))
    await running.commit()
    async with postgres.acting(site, caller) as container:
        assert await (await container.get(PruneHistory))(plan=plan, at_most=1000) == plan.count == 1
    left = [record["id"] for record in await psql.fetch(f'select id from "{schema}".history order by id')]
    assert left[0] == young > old


@pytest.mark.parametrize("statement", ["update {} set actor = null", "truncate {}", "delete from {}"])
async def test_history_is_changed_by_nobody_who_is_not_the_retention_job(
    postgres: World, psql: asyncpg.Connection, statement: str
) -> None:
    site = await postgres.site()
    for schema in (site.schema.name, "public"):
        await old_entry(psql, schema, "900 days")
        with pytest.raises(REFUSED):
            await psql.execute(statement.format(f'"{schema}".history'))


async def test_even_the_retention_job_takes_only_what_is_old_and_told_to_be_gone(
    postgres: World, psql: asyncpg.Connection
) -> None:
    schema = (await postgres.site()).schema.name
    young, old = await old_entry(psql, schema, "29 days"), await old_entry(psql, schema, "900 days")
    retention = f'"{schema}".history_retention'
    note = f"insert into {retention} values ('00000000-0000-0000-0000-000000000000', now() - interval '%s')"
    await psql.execute("set app.retention = 'on'")

    for refused in (
        f'delete from "{schema}".history where id = {old}',
        note % "29 days",
        f'truncate "{schema}".history',
        f'update "{schema}".history set actor = null',
    ):
        with pytest.raises(REFUSED):
            await psql.execute(refused)
    await psql.execute(note % "100 days")
    for refused in (
        f'delete from "{schema}".history where id = {young}',
        f"update {retention} set kept_since = kept_since - interval '1 day'",
        f"update {retention} set kept_since = now()",
        f"delete from {retention}",
        f"truncate {retention}",
    ):
        with pytest.raises(REFUSED):
            await psql.execute(refused)
    assert await psql.execute(f'delete from "{schema}".history where id = {old}') == "DELETE 1"
    await psql.execute("set app.retention = 'off'")
    with pytest.raises(REFUSED):
        await psql.execute(f"update {retention} set kept_since = now() - interval '90 days'")


SECRET_WORDS = ("hash", "token", "secret", "password", "key", "proof", "salt", "credential")
NO_SECRETS = {
    ("users", "token_version"): "a number that is in every token",
    ("domains", "proof"): "published in DNS",
    ("files", "sha256"): "whoever may view the file is shown it",
    ("uploads", "sha256"): "of what is pending, whose history nobody is shown",
}
SHOWN = {("files", "sha256")}


async def test_no_column_that_sounds_secret_is_copied_or_shown(postgres: World, psql: asyncpg.Connection) -> None:
    site = await postgres.site()
    columns = await psql.fetch(
        "select c.table_name, c.column_name, c.data_type, pg_get_triggerdef(t.oid) as trigger "
        "from information_schema.columns c "
        "join pg_trigger t on t.tgrelid = format('%I.%I', c.table_schema, c.table_name)::regclass "
        "and t.tgname = 'audit' "
        "where c.table_schema in ('public', $1)",
        site.schema.name,
    )
    suspects = [
        (one["table_name"], one["column_name"], one["trigger"])
        for one in columns
        if any(word in one["column_name"] for word in SECRET_WORDS) or one["data_type"] == "bytea"
    ]
    kinds = {place.resource.kind.table: place.resource.kind for place in AUDITED}

    assert {table for table, _, _ in suspects} >= {"users", "refresh_tokens", "invitations", "password_resets"}
    for table, column, trigger in suspects:
        told = NO_SECRETS.get((table, column))
        assert told or f"'{column}'" in trigger, f"{table}.{column} would be copied into the history"
        if table in kinds and (table, column) not in SHOWN:
            assert kinds[table].field(column) not in kinds[table].shown
    assert "uploads" not in kinds
    assert not {"upload_id", "handle"}.intersection(kinds["files"].shown)


async def test_each_question_about_one_row_costs_by_its_own_history(postgres: World, psql: asyncpg.Connection) -> None:
    """Of 100,000 entries, those of the row are found by the index; nothing else is looked at."""
    site = await postgres.site()
    moon = await a_project(postgres, site)
    await changed(postgres, site, moon, name="Mars")
    schema = site.schema.name
    await psql.execute(
        f'insert into "{schema}".history (operation, table_name, row_id, before, after) '
        "select 'update', 'projects', gen_random_uuid(), '{\"name\": \"a\"}', '{\"name\": \"b\"}' "
        "from generate_series(1, 100000)"
    )
    await psql.execute(f'analyze "{schema}".history')
    filters = (
        "true",
        "actor = gen_random_uuid()",
        "at >= now() - interval '1 day'",
        "at <= now()",
        "operation = 'update'",
        "(before ? 'name' or after ? 'name')",
    )
    for one in filters:
        plan = await psql.fetchval(
            f'explain (analyze, format json) select * from "{schema}".history '
            f"where row_id = '{moon}' and table_name = 'projects' and {one} order by id desc limit 20"
        )
        assert scanned(json.loads(plan)[0]["Plan"]) == {("ix_history_row_id_id", 2)}, one
    await psql.execute("set enable_seqscan = off")  # the history of the platform is small here
    found = statements.deleted("members").within(PLATFORM)
    deleted = await psql.fetchval(f"explain (format json) {found}", '{"user_id": "x"}', 1)
    assert "ix_history_deleted" in deleted


def scanned(plan: dict[str, Any]) -> set[tuple[str, int]]:
    """The indexes that were used, and how many entries each scan looked at; a table scanned as a whole is one, too."""
    found: set[tuple[str, int]] = set()
    if "Scan" in plan["Node Type"]:
        looked_at = int(plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0))
        found.add((plan.get("Index Name", plan.get("Relation Name", "")), looked_at))
    for inner in plan.get("Plans", ()):
        found |= scanned(inner)
    return found
