"""Run as a script: back a site up (or restore it) until something is begun, tell so, and wait to be killed.

argv: database, store, keys, "backup" or "restore", the id of the backup, of the site, of the one that is taken before,
and how what is begun is called.
"""

import asyncio
import sys
import time
from uuid import UUID

from dishka import provide

from application.backups.back_up_site import BackUpSite
from application.backups.restore_site import RestoreSite
from application.shared.jobs import Progress
from domain.backups.backup import BackupId
from domain.shared.caller import Caller
from domain.tenancy.scope import Scope
from domain.tenancy.site import SiteId
from entrypoints.container import make_container
from entrypoints.jobs import NoJob
from entrypoints.settings import Settings
from entrypoints.stores.passwords import PlainPasswords
from entrypoints.stores.postgres import Postgres
from entrypoints.stores.storage import S3Storage
from tests.providers import Tester
from tests.world import OPERATOR, PLATFORM


class Halting(NoJob):
    def __init__(self, note: str) -> None:
        super().__init__()
        self._note = note

    @provide
    def progress(self) -> Progress:
        def told(done: int, total: int | None = None, note: str = "") -> None:
            if note == self._note:
                sys.stdout.write("there\n")
                sys.stdout.flush()
                time.sleep(600)

        return told


async def main(*told: str) -> None:
    database, store, keys, what, backup, site, previous, note = told
    settings = Settings(database_url=database, storage_url=store, signing_keys=keys)
    app = make_container(settings, Postgres(), S3Storage(), PlainPasswords(), Tester(), Halting(note))
    async with app(context={Scope: PLATFORM, Caller: OPERATOR}) as container:
        if what == "backup":
            await (await container.get(BackUpSite))(backup_id=BackupId(UUID(backup)))
        else:
            await (await container.get(RestoreSite))(
                backup_id=BackupId(UUID(backup)), site_id=SiteId(UUID(site)), previous_id=BackupId(UUID(previous))
            )


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
