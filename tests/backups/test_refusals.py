"""What is not what was written is refused, and the site is not touched."""

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.pgtools.programs import newest_tools
from application.backups.dump_reading import DumpReading
from application.backups.schema_ports import DumpToolsError, SchemaBuilding
from domain.backups.backup import BackupDamagedError, BackupRevisionError, BackupStatus
from domain.tenancy.schema import SchemaName
from tests.backups.conftest import Drill

pytestmark = pytest.mark.storage


def flipped(content: bytes) -> bytes:
    """One bit in the middle is another."""
    at = len(content) // 2
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


@pytest.mark.parametrize("drill_url", ["database_url"], indirect=True, ids=["embedded"])
@pytest.mark.parametrize("name", ["dump", "manifest.json", "files"])
@pytest.mark.parametrize("damage", [flipped, lambda content: content[:-1]], ids=["a bit", "cut off"])
async def test_a_damaged_backup_is_refused_and_the_site_is_let_be(drill: Drill, name: str, damage: object) -> None:
    scope, odd = await drill.odd_site()
    backup_id = await drill.back_up(scope.slug)
    await odd.change()
    for upload_id in await odd.files():
        await odd.lose_bytes(upload_id)
    before = await odd.rows()
    key = await drill.key(backup_id, name) if name != "files" else await drill.a_large_file(scope)
    await drill.overwrite(key, damage)  # type: ignore[arg-type]  # one of the two above

    with pytest.raises(BackupDamagedError):
        await drill.restore_in_place(scope.slug, backup_id)
    assert await odd.rows() == before
    assert (await drill.status(scope), await drill.scratches()) == ("active", 0)


@pytest.mark.parametrize("drill_url", ["database_url"], indirect=True, ids=["embedded"])
async def test_rows_that_are_not_those_of_the_manifest_are_not_kept(drill: Drill) -> None:
    scope, _odd = await drill.odd_site()
    backup = await drill.find(await drill.back_up(scope.slug))
    async with drill.world.acting() as container:
        reading = await container.get(DumpReading)
        manifest = await reading.manifest(backup)
        tasks = replace(manifest.tables["tasks"], checksum="1")
        other = replace(manifest, tables={**manifest.tables, "tasks": tasks})
        building, script = await container.get(SchemaBuilding), reading.script(backup, manifest)
        with pytest.raises(BackupDamagedError, match="tasks"):
            await building.build(SchemaName("restoring_x_"), script, other, without=())
    assert await drill.scratches() == 0


async def test_a_backup_of_a_newer_release_is_refused(drill: Drill) -> None:
    scope = await drill.world.site()
    version = f'"{scope.schema.name}".alembic_version'
    await drill.connection.execute(f"update {version} set version_num = '9999'")
    backup_id = await drill.back_up(scope.slug)
    with pytest.raises(BackupRevisionError, match="9999"):
        await drill.restore_in_place(scope.slug, backup_id)
    assert await drill.status(scope) == "active"


async def test_rows_of_another_site_are_in_no_backup(drill: Drill) -> None:
    """The schemas are alike but for one letter, and a pattern would take one for the other."""
    scope, other = await drill.world.site("a-b"), await drill.world.site("axb")
    for one, name in ((scope, "mine"), (other, "the-secret-of-the-other")):
        await drill.odd(one).add_user(name)
    backup_id = await drill.back_up(scope.slug)
    script = await drill.script_of(backup_id)
    assert b"mine" in script
    assert b"the-secret-of-the-other" not in script
    assert other.schema.name.encode() not in script


def a_pg_dump(folder: Path, version: str) -> Path:
    folder.mkdir()
    for name in ("pg_dump", "pg_restore"):
        (folder / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.mark.parametrize("drill_url", ["service_url"], indirect=True, ids=["service"])
async def test_an_old_pg_dump_is_told(drill: Drill, tmp_path: Path) -> None:
    scope = await drill.world.site()
    with pytest.raises(DumpToolsError, match=r"pg_dump 9\.6\.24 cannot dump a server of version \d+.*TARUVI_PG_TOOLS"):
        await drill.back_up_with(scope.slug, str(a_pg_dump(tmp_path / "old", "9.6.24")))
    with pytest.raises(DumpToolsError, match="there is no pg_dump here"):
        await drill.back_up_with(scope.slug, str(tmp_path))


async def test_the_newest_of_several_is_taken(tmp_path: Path) -> None:
    folders = [a_pg_dump(tmp_path / version, version) for version in ("9.6.24", "17.2", "16.9")]
    found = await newest_tools([tmp_path / "nowhere", *folders])
    assert found is not None
    assert (found.version, found.folder) == ("17.2", tmp_path / "17.2")


async def test_a_backup_that_fails_is_told_and_can_be_taken_again(drill: Drill) -> None:
    scope, odd = await drill.odd_site()
    (first, *_) = await odd.files()
    await odd.lose_bytes(first)
    with pytest.raises(BackupDamagedError, match=str(first)):
        await drill.back_up(scope.slug)
    (failed,) = await drill.backups_of(scope)
    assert failed.status is BackupStatus.FAILED
    assert str(first) in str(failed.error)

    await odd.forget_file(first)
    await drill.take(failed.id)
    assert (await drill.find(failed.id)).status is BackupStatus.READY
