import io
import json
import zipfile

import httpx
import pytest

from application.backups.export_site import ExportSite
from application.backups.export_writing import SECRETS
from application.backups.read_backups import DownloadExport
from domain.backups.backup import BackupKind
from tests.backups.conftest import Drill

pytestmark = pytest.mark.storage


async def test_an_export_has_every_row_and_file_and_no_secret(drill: Drill) -> None:
    scope, odd = await drill.odd_site()
    rows, files = await odd.rows(), await odd.files()
    asked = await drill.ask(scope.slug, BackupKind.EXPORT)
    async with drill.world.acting() as container:
        await (await container.get(ExportSite))(backup_id=asked.backup_id)
        url = await (await container.get(DownloadExport))(slug=scope.slug, backup_id=asked.backup_id)
    async with httpx.AsyncClient() as client:
        answer = await client.get(url)
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="{scope.slug}-')
    stored = zipfile.ZipFile(io.BytesIO(answer.content))
    assert stored.testzip() is None

    expected = {f"data/{table}.jsonl" for table in rows} | {f"files/{one}" for one in files} | {"manifest.json"}
    assert set(stored.namelist()) == expected
    for table, there in rows.items():
        lines = [json.loads(line) for line in stored.read(f"data/{table}.jsonl").decode().split("\n") if line]
        shown = [{name: value for name, value in json.loads(row).items() if name not in SECRETS} for row in there]
        assert sorted(map(json.dumps, lines)) == sorted(map(json.dumps, shown))
    assert {one: stored.read(f"files/{one}") for one in files} == files
    told = json.loads(stored.read("manifest.json"))
    assert told["tables"] == {table: len(there) for table, there in rows.items()}


async def test_the_bytes_of_a_file_in_quarantine_stay_here(drill: Drill) -> None:
    scope, odd = await drill.odd_site()
    await drill.connection.execute(f"update \"{scope.schema.name}\".files set status = 'quarantined' where size = 5")
    asked = await drill.ask(scope.slug, BackupKind.EXPORT)
    async with drill.world.acting() as container:
        await (await container.get(ExportSite))(backup_id=asked.backup_id)
        url = await (await container.get(DownloadExport))(slug=scope.slug, backup_id=asked.backup_id)
    async with httpx.AsyncClient() as client:
        stored = zipfile.ZipFile(io.BytesIO((await client.get(url)).content))
    shown = {one: content for one, content in (await odd.files()).items() if len(content) != 5}
    there = {name for name in stored.namelist() if name.startswith("files/")}
    assert there == {f"files/{one}" for one in shown}
    assert b"quarantined" in stored.read("data/files.jsonl")


async def test_every_secret_column_is_left_out(drill: Drill) -> None:
    scope = await drill.world.site()
    found = await drill.connection.fetch(
        "select column_name from information_schema.columns where table_schema = $1 and column_name like '%\\_hash'",
        scope.schema.name,
    )
    assert {one["column_name"] for one in found} == SECRETS
