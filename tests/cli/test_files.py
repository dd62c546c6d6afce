import asyncio
import hashlib
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import pytest

from adapters.crypto.keyring import generate_jwks
from adapters.postgres.sql import quoted
from adapters.s3.address import read_address
from adapters.s3.bucket import open_bucket
from adapters.s3.file_store import S3FileStore
from domain.files.upload import UploadId, UploadTerms
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import SiteId
from domain.tenancy.slug import SiteSlug
from entrypoints.identifiers import new_id, now
from entrypoints.settings import Settings
from tests.cli.conftest import Cli
from tests.job_desk import work_off

pytestmark = [pytest.mark.postgres, pytest.mark.storage]
USER = ("--username", "ada", "--email", "ada@example.org", "--password", "a-good-password")
OLD = datetime(2026, 1, 1, tzinfo=UTC)
UPLOAD = "insert into {}.uploads values ($1, $2, 'Plan.txt', 'text/plain', 11, $3, null, null, null, $4, $4, $5, 1)"
FILE = (
    "insert into {}.files (id, name, content_type, size, sha256, status, upload_id, owner_id, created_at, updated_at, "
    "version) values ($1, 'Plan.txt', 'text/plain', 11, $2, 'stored', $3, $4, now(), now(), 2)"
)


@pytest.fixture
def cli(own_cli: Cli) -> Cli:
    """A sweep is of all sites."""
    return own_cli


@pytest.fixture
def ada(cli: Cli, site: str, empty_database_url: str) -> UUID:
    """The id of the site's admin."""
    assert cli("users", "create-admin", "--site", site, *USER).returncode == 0
    return UUID(str(asyncio.run(fetch(empty_database_url, f"select id from {schema(site)}.users"))))


def schema(site: str) -> str:
    return quoted(SiteSlug(site).schema)


async def fetch(url: str, sql: str, *args: object) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql, *args)
    finally:
        await connection.close()


def test_gives_up_what_was_never_completed(cli: Cli, site: str, ada: UUID, empty_database_url: str) -> None:
    values = new_id(), new_id(), b"x" * 32, OLD, ada
    asyncio.run(fetch(empty_database_url, UPLOAD.format(schema(site)), *values))
    told = f"{site}: 1 uploads given up, 0 orphans discarded, "
    dry = cli("files", "sweep", "--dry-run")
    assert (dry.returncode, dry.stdout.startswith(told)) == (0, True), dry
    assert cli("files", "sweep", "--site", site).stdout.startswith(told)
    last = cli("files", "sweep").stdout
    assert last.endswith("done: 0 deleted sites discarded, 0 organizations counted anew\n")
    assert asyncio.run(fetch(empty_database_url, f"select count(*) from {schema(site)}.uploads")) == 0


def test_a_site_that_fails_is_told_and_the_rest_go_on(cli: Cli, site: str, ada: UUID, empty_database_url: str) -> None:
    broken = f"a{site}"
    organization = asyncio.run(fetch(empty_database_url, "select slug from public.organizations"))
    assert cli("sites", "create", broken, "--organization", str(organization)).returncode == 0
    asyncio.run(fetch(empty_database_url, f"drop table {schema(broken)}.uploads"))
    values = new_id(), new_id(), b"x" * 32, OLD, ada
    asyncio.run(fetch(empty_database_url, UPLOAD.format(schema(site)), *values))

    done = cli("files", "sweep")
    assert done.returncode == 1
    assert f"{broken}: " in done.stderr
    assert f"{site}: 1 uploads given up" in done.stdout


def test_keeps_a_file_in_quarantine_and_lets_it_go(cli: Cli, site: str, ada: UUID, empty_database_url: str) -> None:
    file = str(new_id())
    asyncio.run(fetch(empty_database_url, FILE.format(schema(site)), UUID(file), b"x" * 32, new_id(), ada))
    status = f"select status from {schema(site)}.files"
    assert cli("files", "quarantine", site, file).stdout.startswith(f"{file} is in quarantine; next: ")
    assert asyncio.run(fetch(empty_database_url, status)) == "quarantined"
    assert cli("files", "release", site, file).stdout == f"{file} is released\n"
    assert asyncio.run(fetch(empty_database_url, status)) == "stored"
    unknown = cli("files", "quarantine", site, str(new_id()))
    assert (unknown.returncode, unknown.stderr.startswith("error: there is no file ")) == (1, True)


def test_a_deleted_site_leaves_no_bytes(cli: Cli, site: str, ada: UUID, empty_database_url: str) -> None:
    site_id = asyncio.run(fetch(empty_database_url, "select id from public.sites where slug = $1", site))
    scope = SiteScope(SiteId(UUID(str(site_id))), site, SiteSlug(site).schema)
    url = str(cli.keywords["TARUVI_STORAGE_URL"])  # type: ignore[attr-defined]  # it is a partial
    asyncio.run(upload(url, scope))
    assert asyncio.run(kept(url, scope)) == 1
    assert cli("sites", "delete", site, "--confirm", site).returncode == 0
    asyncio.run(work_off(Settings(database_url=empty_database_url, storage_url=url, signing_keys=generate_jwks())))
    assert asyncio.run(kept(url, scope)) == 0


async def upload(url: str, scope: SiteScope) -> None:
    content = b"hello world"
    terms = UploadTerms(content_type="text/plain", size=11, sha256=hashlib.sha256(content).digest())
    async with open_bucket(read_address(url), part_bytes=5 << 20) as bucket:
        await bucket.client.put_object(
            **bucket.at(f"{scope.site_id}/files/{UploadId(new_id())}"), Body=content, ContentType=terms.content_type
        )


async def kept(url: str, scope: SiteScope) -> int:
    async with open_bucket(read_address(url), part_bytes=5 << 20) as bucket:
        return len([one async for one in S3FileStore(bucket, scope, now).stored()])
