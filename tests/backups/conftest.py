import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

import asyncpg
import pytest

from adapters.s3.address import read_address
from adapters.s3.bucket import Bucket, open_bucket
from adapters.s3.keys import backups_key
from adapters.s3.streams import get_stream
from application.backups.archive_site import ArchiveSite
from application.backups.ask_for_backup import AskForBackup
from application.backups.ask_for_copy import AskForCopy
from application.backups.ask_for_restore import AskForRestore
from application.backups.asking import Asked
from application.backups.back_up_site import BackUpSite
from application.backups.dump_reading import DumpReading
from application.backups.dump_writing import part_of
from application.backups.ports import BackupRepository
from application.backups.restore_site import RestoreSite
from application.shared.ports import UnitOfWork
from domain.backups.backup import Backup, BackupId, BackupKind
from domain.shared.caller import Caller
from domain.tenancy.scope import Scope, SiteScope
from domain.tenancy.site import SiteRole
from domain.tenancy.slug import SiteSlug
from tests.backups.odd_site import OddSite
from tests.depots import PART_BYTES
from tests.world import OPERATOR, PLATFORM, World, postgres_world


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """A world on a real database and a real object store, and what backups are asked for with."""

    world: World
    connection: asyncpg.Connection
    bucket: Bucket

    async def odd_site(self, name: str = "acme") -> tuple[SiteScope, OddSite]:
        scope = await self.world.site(name)
        odd = self.odd(scope)
        await odd.fill()
        return scope, odd

    def odd(self, scope: SiteScope) -> OddSite:
        return OddSite(self.connection, scope, self.bucket)

    async def back_up(self, slug: str) -> BackupId:
        asked = await self.ask(slug, BackupKind.BACKUP)
        await self.take(asked.backup_id)
        return asked.backup_id

    async def copy(self, slug: str, name: str, backup_id: BackupId) -> SiteScope:
        """A new site made of a backup."""
        new = self.world.slug(name)
        async with self.world.acting() as container:
            asked = await (await container.get(AskForCopy))(
                slug=slug, new_slug=new, name=new, role=SiteRole.STAGING, backup_id=backup_id, queued=False
            )
        await self.restore(asked)
        return SiteScope(asked.site_id, new, SiteSlug(new).schema)

    async def restore_in_place(self, slug: str, backup_id: BackupId) -> Asked:
        async with self.world.acting() as container:
            ask = await container.get(AskForRestore)
            asked = await ask(slug=slug, backup_id=backup_id, confirm=slug, queued=False)
        await self.restore(asked)
        return asked

    async def archive(self, slug: str) -> BackupId:
        asked = await self.ask(slug, BackupKind.ARCHIVE)
        async with self.world.acting() as container:
            await (await container.get(ArchiveSite))(backup_id=asked.backup_id)
        return asked.backup_id

    async def find(self, backup_id: BackupId) -> Backup:
        async with self.world.acting() as container, await container.get(UnitOfWork):
            found: Backup = await (await container.get(BackupRepository)).get(backup_id)
        return found

    async def status(self, scope: SiteScope) -> str:
        return str(await self.connection.fetchval("select status from public.sites where id = $1", scope.site_id))

    async def comment(self, scope: SiteScope) -> str | None:
        """On its schema."""
        found = "select obj_description(oid, 'pg_namespace') from pg_namespace where nspname = $1"
        comment: str | None = await self.connection.fetchval(found, scope.schema.name)
        return comment

    async def scratches(self) -> int:
        """Schemas that were built and stand about."""
        found = await self.connection.fetchval("select count(*) from pg_namespace where nspname like 'restoring\\_%'")
        return int(found)

    async def key(self, backup_id: BackupId, name: str) -> str:
        part = part_of(await self.find(backup_id), name)
        return backups_key(part.site_id, part.backup_id, part.name)

    async def overwrite(self, key: str, change: Callable[[bytes], bytes]) -> None:
        """As a broken disk, or somebody with the keys of the store, would."""
        content = b"".join([chunk async for chunk in get_stream(self.bucket, key)])
        await self.bucket.client.put_object(**self.bucket.at(key), Body=change(content))

    async def a_large_file(self, scope: SiteScope) -> str:
        """The key of one that backups of the site keep."""
        prefix = backups_key(scope.site_id, "files")
        found = await self.bucket.client.list_objects_v2(Bucket=self.bucket.name, Prefix=prefix)
        return str(max(found["Contents"], key=lambda one: one["Size"])["Key"])

    async def script_of(self, backup_id: BackupId) -> bytes:
        """The rows of a backup as one text."""
        backup = await self.find(backup_id)
        async with self.world.acting() as container:
            reading = await container.get(DumpReading)
            manifest = await reading.manifest(backup)
            return b"".join([chunk async for chunk in reading.script(backup, manifest)])

    async def back_up_with(self, slug: str, pg_tools: str) -> None:
        """By programs in that folder."""
        asked = await self.ask(slug, BackupKind.BACKUP)
        container = self.world.another(pg_tools=pg_tools)
        try:
            async with container(context={Scope: PLATFORM, Caller: OPERATOR}) as acting:
                await (await acting.get(BackUpSite))(backup_id=asked.backup_id)
        finally:
            await container.close()

    async def take(self, backup_id: BackupId) -> None:
        async with self.world.acting() as container:
            await (await container.get(BackUpSite))(backup_id=backup_id)

    async def backups_of(self, scope: SiteScope) -> Sequence[Backup]:
        async with self.world.acting() as container:
            found: Sequence[Backup] = await (await container.get(BackupRepository)).of_site(scope.site_id)
        return found

    async def until_somebody_waits(self) -> None:
        """For a lock, in this database: PostgreSQL tells nobody when that begins."""
        waiting = (
            "select count(*) from pg_locks l join pg_database d on d.oid = l.database "
            "where d.datname = current_database() and not granted"
        )
        async with asyncio.timeout(30):
            while not await self.connection.fetchval(waiting):  # noqa: ASYNC110  there is no event
                await asyncio.sleep(0.05)

    async def another_connection(self) -> asyncpg.Connection:
        return await asyncpg.connect(self.world.settings.database_url)

    async def ask(self, slug: str, kind: BackupKind) -> Asked:
        async with self.world.acting() as container:
            return await (await container.get(AskForBackup))(slug=slug, kind=kind, queued=False)

    async def restore(self, asked: Asked, **how: bool) -> None:
        async with self.world.acting() as container:
            await (await container.get(RestoreSite))(
                backup_id=asked.backup_id, site_id=asked.site_id, previous_id=asked.previous_id, **how
            )


@pytest.fixture(
    params=[
        pytest.param("database_url", marks=pytest.mark.postgres, id="embedded"),
        pytest.param("service_url", marks=pytest.mark.service("postgres"), id="service"),
    ]
)
def drill_url(request: pytest.FixtureRequest) -> str:
    """Each database in turn."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture
async def drill(drill_url: str, storage_url: str) -> AsyncIterator[Drill]:
    async with postgres_world(drill_url, storage_url=storage_url) as world:
        connection = await asyncpg.connect(drill_url)
        async with open_bucket(read_address(storage_url), part_bytes=PART_BYTES) as bucket:
            yield Drill(world=world, connection=connection, bucket=bucket)
        await connection.close()
