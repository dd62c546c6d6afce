"""Whoever is killed in the middle leaves nothing that counts, and what is begun anew is done."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from adapters.postgres.backups.building import ALONE
from application.backups.schema_ports import SchemaBuilding
from domain.backups.backup import BackupKind, BackupStatus
from domain.backups.manifest import OF_SESSIONS, UNFINISHED
from tests.backups.conftest import Drill

pytestmark = pytest.mark.storage
ROOT = Path(__file__).parents[2]
ON_EMBEDDED = pytest.mark.parametrize("drill_url", ["database_url"], indirect=True, ids=["embedded"])


async def killed_at(drill: Drill, note: str, *what: object) -> None:
    """In a process of its own, with kill -9, when it begins that."""
    settings = drill.world.settings
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.backups.killed"),
        *(settings.database_url, settings.storage_url, settings.signing_keys),
        *map(str, what),
        note,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"there\n"
    process.send_signal(signal.SIGKILL)
    await process.communicate()


@ON_EMBEDDED
@pytest.mark.parametrize("note", ["dumping the schema", "reading the dump back", "keeping files"])
async def test_a_backup_that_was_killed_is_not_ready_and_is_taken_again(drill: Drill, note: str) -> None:
    scope, odd = await drill.odd_site()
    asked = await drill.ask(scope.slug, BackupKind.BACKUP)
    await killed_at(drill, note, "backup", asked.backup_id, scope.site_id, asked.backup_id)
    assert (await drill.find(asked.backup_id)).status is BackupStatus.RUNNING

    await drill.take(asked.backup_id)
    assert (await drill.find(asked.backup_id)).status is BackupStatus.READY
    copy = drill.odd(await drill.copy(scope.slug, "again", asked.backup_id))
    assert await copy.files() == await odd.files()


@ON_EMBEDDED
@pytest.mark.parametrize("note", ["bringing back files", "building the schema", "reading the dump back"])
async def test_a_restore_that_was_killed_left_the_site_and_is_done_again(drill: Drill, note: str) -> None:
    scope, odd = await drill.odd_site()
    backup_id = await drill.back_up(scope.slug)
    then = await odd.rows()
    await odd.change()
    before = await odd.rows()
    previous = await drill.ask(scope.slug, BackupKind.BACKUP)
    await killed_at(drill, note, "restore", backup_id, scope.site_id, previous.backup_id)
    assert await odd.rows() == before

    await drill.restore_in_place(scope.slug, backup_id)
    after = await odd.rows()
    assert not any(after.pop(name) for name in OF_SESSIONS | UNFINISHED)
    assert after == {name: rows for name, rows in then.items() if name in after}
    assert (await drill.status(scope), await drill.scratches()) == ("active", 0)
    assert await drill.comment(scope) is None


@ON_EMBEDDED
async def test_who_is_cancelled_while_the_dump_runs_ends_the_program(drill: Drill) -> None:
    """A table that somebody holds locked keeps pg_dump waiting."""
    scope = await drill.world.site()
    asked = await drill.ask(scope.slug, BackupKind.BACKUP)
    async with drill.connection.transaction():
        await drill.connection.execute(f'lock table "{scope.schema.name}".users in access exclusive mode')
        taking = asyncio.create_task(drill.take(asked.backup_id))
        await drill.until_somebody_waits()
        taking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await taking
    assert (await drill.find(asked.backup_id)).status is BackupStatus.RUNNING
    await drill.take(asked.backup_id)
    assert (await drill.find(asked.backup_id)).status is BackupStatus.READY


async def test_nothing_is_lost_that_is_written_while_a_site_is_put_away(drill: Drill) -> None:
    """Whoever was inside before the site was closed, and commits after the dump: another dump is taken."""
    scope, _odd = await drill.odd_site()
    writer = await drill.another_connection()
    transaction = writer.transaction()
    await transaction.start()
    await writer.execute(f'update "{scope.schema.name}".projects set description = $1', "written at the last moment")
    archiving = asyncio.create_task(drill.archive(scope.slug))
    await drill.until_somebody_waits()
    await transaction.commit()
    await writer.close()

    script = await drill.script_of(await archiving)
    assert b"written at the last moment" in script
    assert await drill.status(scope) == "archived"


@ON_EMBEDDED
async def test_what_a_dead_restore_built_is_let_be_while_it_is_built_anew(drill: Drill) -> None:
    """Under the same name: whoever waited for the builder would drop what that has just built."""
    schema = "restoring_0123_"
    await drill.connection.execute(f"create schema {schema}; comment on schema {schema} is 'built at 1'")
    builder = await drill.another_connection()
    async with drill.world.acting() as container:
        building = await container.get(SchemaBuilding)
        async with builder.transaction():
            await builder.execute(ALONE, schema)
            await builder.execute(f"drop schema {schema}; create schema {schema}")
            assert await building.discard_built_before(drill.world.clock()) == 0
        assert await drill.scratches() == 1
        await builder.execute(f"comment on schema {schema} is 'built at 1'")
        assert await building.discard_built_before(drill.world.clock()) == 1
    assert await drill.scratches() == 0
    await builder.close()
