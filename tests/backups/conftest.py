from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import pytest

from adapters.s3.address import read_address
from adapters.s3.bucket import Bucket, open_bucket
from application.backups.ask_for_backup import AskForBackup
from application.backups.asking import Asked
from application.backups.back_up_site import BackUpSite
from application.backups.restore_site import RestoreSite
from domain.backups.backup import BackupId, BackupKind
from domain.tenancy.scope import SiteScope
from tests.backups.odd_site import OddSite
from tests.depots import PART_BYTES
from tests.world import World, postgres_world


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
        async with self.world.acting() as container:
            await (await container.get(BackUpSite))(backup_id=asked.backup_id)
        return asked.backup_id

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
