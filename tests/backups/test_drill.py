"""The restore drill: every row of every table and every byte of every file comes back, or nothing does."""

import pytest

from application.backups.archive_site import ArchiveSite
from application.backups.ask_for_copy import AskForCopy
from application.backups.ask_for_restore import AskForUnarchive
from domain.backups.backup import BackupKind
from domain.backups.manifest import OF_SESSIONS, UNFINISHED
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import SiteRole
from domain.tenancy.slug import SiteSlug
from tests.backups.conftest import Drill

pytestmark = pytest.mark.storage


async def test_a_backup_comes_back_as_another_site(drill: Drill) -> None:
    scope, odd = await drill.odd_site()
    before, bytes_before = await odd.rows(), await odd.files()
    assert all(before.values()), [name for name, rows in before.items() if not rows]
    backup_id = await drill.back_up(scope.slug)

    slug = drill.world.slug("berlin")
    async with drill.world.acting() as container:
        asked = await (await container.get(AskForCopy))(
            slug=scope.slug, new_slug=slug, name="Berlin", role=SiteRole.STAGING, backup_id=backup_id, queued=False
        )
    await drill.restore(asked)

    copy = drill.odd(SiteScope(asked.site_id, slug, SiteSlug(slug).schema))
    after = await copy.rows()
    assert not any(after.pop(name) for name in OF_SESSIONS | UNFINISHED)
    assert after == {name: rows for name, rows in before.items() if name in after}
    assert await copy.files() == bytes_before
    assert await odd.rows() == before


async def test_an_archived_site_comes_back_as_it_was(drill: Drill) -> None:
    scope, odd = await drill.odd_site()
    before, bytes_before = await odd.rows(), await odd.files()
    asked = await drill.ask(scope.slug, BackupKind.ARCHIVE)
    async with drill.world.acting() as container:
        await (await container.get(ArchiveSite))(backup_id=asked.backup_id)
    assert await odd.rows() == {}

    async with drill.world.acting() as container:
        asked = await (await container.get(AskForUnarchive))(slug=scope.slug, queued=False)
    await drill.restore(asked, as_it_was=True)
    assert await odd.rows() == before
    assert await odd.files() == bytes_before
