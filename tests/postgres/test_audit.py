import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from application.tenancy.ports import FollowedSiteDirectory
from domain.tenancy.routing import CustomHost
from tests.world import PASSWORD, World, token

pytestmark = pytest.mark.postgres


@pytest.fixture
async def psql(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A plain connection, as psql has it."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def history(psql: asyncpg.Connection, schema: str, table: str) -> list[dict[str, Any]]:
    records = await psql.fetch(f'select * from "{schema}".history where table_name = $1 order by id', table)
    return [
        dict(record) | {key: json.loads(record[key]) if record[key] else None for key in ("before", "after")}
        for record in records
    ]


async def test_a_request_leaves_who_when_and_what(postgres: World, psql: asyncpg.Connection) -> None:
    site = await postgres.site()
    admin = await postgres.admin(site)
    projects = f"{postgres.host()}/api/projects/"
    async with postgres.http() as client:
        headers = await token(client, postgres.host())
        opened = (await client.post(projects, json={"name": "Moon"}, headers=headers)).json()
        headers["X-Request-ID"] = "request-of-the-test"
        await client.patch(f"{projects}{opened['id']}/", json={"name": "Mars"}, headers=headers)
        await client.delete(f"{projects}{opened['id']}/", headers=headers)
    inserted, updated, deleted = await history(psql, site.schema.name, "projects")

    assert {str(entry["row_id"]) for entry in (inserted, updated, deleted)} == {opened["id"]}
    assert {entry["actor"] for entry in (inserted, updated, deleted)} == {admin.id}
    assert {entry["actor_label"] for entry in (inserted, updated, deleted)} == {"admin"}
    assert updated["request_id"] == deleted["request_id"] == "request-of-the-test"
    assert (inserted["operation"], inserted["before"], inserted["after"]["name"]) == ("insert", None, "Moon")
    assert updated["before"] == {"name": "Moon", "version": 1, "updated_at": inserted["after"]["updated_at"]}
    assert updated["after"].keys() == {"name", "version", "updated_at"}
    assert (deleted["operation"], deleted["before"]["name"], deleted["after"]) == ("delete", "Mars", None)


async def test_a_change_by_psql_shows_the_database_role(postgres: World, psql: asyncpg.Connection) -> None:
    site = await postgres.site()
    admin = await postgres.admin(site)
    await psql.execute(f'update "{site.schema.name}".users set first_name = $1 where id = $2', "Ada", admin.id)
    entry = (await history(psql, site.schema.name, "users"))[-1]

    assert (entry["actor"], entry["actor_label"], entry["request_id"], entry["db_role"]) == (
        None,
        None,
        None,
        "postgres",
    )
    assert entry["after"] == {"first_name": "Ada"}


async def test_an_update_that_changes_nothing_leaves_nothing(postgres: World, psql: asyncpg.Connection) -> None:
    site = await postgres.site()
    await postgres.admin(site)
    before = await history(psql, site.schema.name, "users")
    await psql.execute(f'update "{site.schema.name}".users set first_name = first_name')

    assert await history(psql, site.schema.name, "users") == before


async def test_no_secret_is_copied(postgres: World, psql: asyncpg.Connection) -> None:
    site = await postgres.site()
    await postgres.admin(site)
    async with postgres.http() as client:
        headers = await token(client, postgres.host())
        body = {"current_password": PASSWORD, "new_password": "another-good-one"}
        changed = await client.post(f"{postgres.host()}/api/profile/change-password/", json=body, headers=headers)
        assert changed.status_code == 200
    rows = await psql.fetch(f'select before::text, after::text from "{site.schema.name}".history')
    hashes = await psql.fetch(
        f'select password_hash from "{site.schema.name}".users '
        f'union all select token_hash::text from "{site.schema.name}".refresh_tokens'
    )
    written = " ".join(str(tuple(row)) for row in rows)

    assert len(hashes) >= 3
    for secret in [PASSWORD, "another-good-one", *(row[0] for row in hashes)]:
        assert secret not in written
    assert "token_hash" not in written
    assert written.count("password_hash") == written.count('"password_hash": "[secret]"') > 0


CHANGES = ("update {}.history set actor = null", "delete from {}.history", "truncate {}.history")


@pytest.mark.parametrize("statement", CHANGES)
async def test_history_is_append_only(postgres: World, psql: asyncpg.Connection, statement: str) -> None:
    site = await postgres.site()
    for schema in (site.schema.name, "public"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await psql.execute(statement.format(f'"{schema}"'))


async def test_a_renamed_site_goes_on_writing_its_own_history(postgres: World, psql: asyncpg.Connection) -> None:
    site = await postgres.site()
    await postgres.admin(site)
    moved = f"moved_{postgres.suffix}"
    await psql.execute(f'alter schema "{site.schema.name}" rename to {moved}')
    await psql.execute(f"update {moved}.users set first_name = 'Ada'")

    assert (await history(psql, moved, "users"))[-1]["after"] == {"first_name": "Ada"}


async def test_the_platforms_own_changes_are_kept_too(postgres: World, psql: asyncpg.Connection) -> None:
    site = await postgres.site()
    entries = await history(psql, "public", "sites")
    mine = [entry for entry in entries if entry["row_id"] == site.site_id]

    assert [entry["operation"] for entry in mine] == ["insert", "update"]
    assert mine[0]["actor_label"] == "operator:test"
    assert "routed_in" not in mine[0]["after"]


async def test_a_secret_that_alone_changes_is_told_without_its_value(postgres: World, psql: asyncpg.Connection) -> None:
    site = await postgres.site()
    await postgres.admin(site)
    await psql.execute(f"update \"{site.schema.name}\".users set password_hash = 'x'")
    entry = (await history(psql, site.schema.name, "users"))[-1]

    assert entry["before"] == entry["after"] == {"password_hash": "[secret]"}


async def test_a_temporary_table_does_not_lead_the_history_astray(postgres: World, psql: asyncpg.Connection) -> None:
    site = await postgres.site()
    await postgres.admin(site)
    before = len(await history(psql, site.schema.name, "users"))
    await psql.execute(f'create temp table history (like "{site.schema.name}".history including all)')
    await psql.execute(f"update \"{site.schema.name}\".users set first_name = 'Ada'")

    assert len(await history(psql, site.schema.name, "users")) == before + 1
    assert await psql.fetchval("select count(*) from pg_temp.history") == 0


async def test_a_domain_that_moves_is_told_to_both_sites(postgres: World, psql: asyncpg.Connection) -> None:
    old, new = await postgres.site("old"), await postgres.site("new")
    domain = f"{postgres.suffix}.example.org"
    await psql.execute(
        "insert into public.domains (id, site_id, domain, is_primary, status, proof, created_at, updated_at, version) "
        "values (gen_random_uuid(), $1, $2, false, 'verified', 'x', now(), now(), 1)",
        old.site_id,
        domain,
    )
    async with postgres.acting() as container:
        directory = await container.get(FollowedSiteDirectory)
        found = await directory.find(CustomHost(domain))
        seen, _ = await directory.since(0)
        await psql.execute("update public.domains set site_id = $1 where domain = $2", new.site_id, domain)
        _, told = await directory.since(seen)

    assert found is not None
    assert found.scope == old
    assert {old.site_id, new.site_id} <= set(told)
