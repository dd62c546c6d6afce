"""What happens between two lines of a job that puts a site away, or brings a backup back."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from application.backups.archive_site import ArchiveSite
from application.backups.ask_for_restore import AskForUnarchive
from application.backups.asking import Asked
from application.backups.back_up_site import BackUpSite
from application.backups.discard_backup import DiscardBackup
from application.backups.expire_backups import ExpireBackups
from application.backups.restore_site import RestoreSite
from application.files.discard_uploads import DiscardUploads, Leftover
from application.shared.jobs import NotNowError
from application.tenancy.resume_site import ResumeSite
from application.tenancy.suspend_site import SuspendSite
from domain.backups.backup import BackupId, BackupKind, BackupStatus, BackupStatusError
from domain.files.upload import UploadId
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import SiteStatusError
from tests.backups.conftest import Drill

pytestmark = [
    pytest.mark.storage,
    pytest.mark.parametrize("drill_url", ["database_url"], indirect=True, ids=["embedded"]),
]
Step = Callable[[], Awaitable[Any]]


@dataclass(frozen=True)
class Before:
    """Does something else first, and then what it stands for; its other attributes are those of that."""

    inner: Any
    first: Step

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    async def __call__(self, *what: Any) -> Any:
        await self.first()
        return await self.inner(*what)


async def never(*_what: Any) -> bool:
    return False


class OncePerJob:
    """Remembers from one run of a job to the next."""

    def __init__(self) -> None:
        self._done: set[str] = set()

    async def __call__(self, step: str) -> bool:
        is_first = await self.looked(step)
        self._done.add(step)
        return is_first

    async def looked(self, step: str) -> bool:
        """As where what it is asked in is undone."""
        return step not in self._done


async def archive(drill: Drill, backup_id: BackupId, **other: Any) -> None:
    async with drill.world.acting() as container:
        archive_site = await container.get(ArchiveSite)
        changed = {name: make(getattr(archive_site, name)) for name, make in other.items()}
        await replace(archive_site, **changed)(backup_id=backup_id)


async def discard(drill: Drill, scope: SiteScope, backup_id: BackupId) -> None:
    async with drill.world.acting() as container:
        await (await container.get(DiscardBackup))(slug=scope.slug, backup_id=backup_id)


async def ask_for_unarchive(drill: Drill, scope: SiteScope) -> Asked:
    async with drill.world.acting() as container:
        return await (await container.get(AskForUnarchive))(slug=scope.slug, queued=False)


async def unarchive(drill: Drill, scope: SiteScope) -> None:
    await drill.restore(await ask_for_unarchive(drill, scope), as_it_was=True)


async def test_an_archive_that_is_discarded_before_the_schema_goes_keeps_the_schema(drill: Drill) -> None:
    scope, odd = await drill.odd_site()
    before = await odd.rows()
    asked = await drill.ask(scope.slug, BackupKind.ARCHIVE)
    with pytest.raises(BackupStatusError):
        await archive(
            drill,
            asked.backup_id,
            dropping=lambda inner: Before(inner, lambda: discard(drill, scope, asked.backup_id)),
        )
    assert await odd.rows() == before
    assert await drill.status(scope) == "active"


async def test_an_archive_that_another_run_took_anew_does_not_stand_for_the_schema(drill: Drill) -> None:
    scope, odd = await drill.odd_site()
    before = await odd.rows()
    asked = await drill.ask(scope.slug, BackupKind.ARCHIVE)

    async def taken_anew() -> None:
        with pytest.raises(NotNowError):
            await archive(drill, asked.backup_id, dropping=lambda _inner: never)

    with pytest.raises(BackupStatusError, match="meanwhile"):
        await archive(drill, asked.backup_id, dropping=lambda inner: Before(inner, taken_anew))
    assert await odd.rows() == before


async def test_the_archive_that_a_site_consists_of_is_the_one_that_put_it_away(drill: Drill) -> None:
    """Another one that was asked for later, and came to nothing, is older in what it has."""
    scope, odd = await drill.odd_site()
    first = await drill.ask(scope.slug, BackupKind.ARCHIVE)
    drill.world.clock.advance(seconds=5)
    second = await drill.ask(scope.slug, BackupKind.ARCHIVE)
    with pytest.raises(NotNowError):
        await archive(drill, second.backup_id, dropping=lambda _inner: never)
    assert (await drill.find(second.backup_id)).status is BackupStatus.READY
    await odd.change()
    newest = await odd.rows()
    await archive(drill, first.backup_id)

    with pytest.raises(BackupStatusError, match="all that there is"):
        await discard(drill, scope, first.backup_id)
    drill.world.clock.advance(days=400)
    async with drill.world.acting() as container:
        await (await container.get(ExpireBackups))()
    await unarchive(drill, scope)
    assert await odd.rows() == newest


async def test_an_archive_stays_for_a_while_when_another_backup_is_brought_back(drill: Drill) -> None:
    """However long the site was away: it alone has what the site had last."""
    scope, odd = await drill.odd_site()
    older = await drill.back_up(scope.slug)
    await odd.change()
    archived = await drill.archive(scope.slug)
    drill.world.clock.advance(days=400)
    await drill.restore_in_place(scope.slug, older)
    async with drill.world.acting() as container:
        await (await container.get(ExpireBackups))()
        assert (await drill.find(archived)).status is BackupStatus.READY
        drill.world.clock.advance(days=31)
        await (await container.get(ExpireBackups))()
    assert (await drill.find(archived)).status is BackupStatus.EXPIRED


async def test_an_archive_job_that_runs_again_after_all_was_done_does_nothing(drill: Drill) -> None:
    scope, odd = await drill.odd_site()
    asked, once = await drill.ask(scope.slug, BackupKind.ARCHIVE), OncePerJob()
    in_job = {
        "dropping": lambda inner: replace(inner, once=once),
        "steps": lambda inner: replace(inner, once=once.looked),
    }
    await archive(drill, asked.backup_id, **in_job)
    taken = await drill.find(asked.backup_id)
    await unarchive(drill, scope)
    before = await odd.rows()
    await archive(drill, asked.backup_id, **in_job)
    assert (await odd.rows(), await drill.status(scope)) == (before, "active")
    assert (await drill.find(asked.backup_id)).sha256 == taken.sha256


def opened_once(drill: Drill, scope: SiteScope) -> Step:
    """The first time alone; nothing is written, so its sums are the same."""
    times = iter([True])

    async def step() -> None:
        if next(times, False):
            async with drill.world.acting() as container:
                await (await container.get(ResumeSite))(slug=scope.slug, seen=None)

    return step


async def test_a_site_that_somebody_opens_while_it_is_put_away_is_closed_and_backed_up_once_more(drill: Drill) -> None:
    scope, _odd = await drill.odd_site()
    asked = await drill.ask(scope.slug, BackupKind.ARCHIVE)
    await archive(drill, asked.backup_id, dropping=lambda inner: Before(inner, opened_once(drill, scope)))
    assert await drill.status(scope) == "archived"


async def test_a_site_that_somebody_opens_while_it_is_replaced_is_closed_and_backed_up_once_more(drill: Drill) -> None:
    scope, _odd = await drill.odd_site()
    backup_id, asked = await drill.back_up(scope.slug), await drill.ask(scope.slug, BackupKind.BACKUP)
    async with drill.world.acting() as container:
        restore = await container.get(RestoreSite)
        late = replace(restore, replacing=Before(restore.replacing, opened_once(drill, scope)))  # type: ignore[arg-type]  # the same
        await late(backup_id=backup_id, site_id=scope.site_id, previous_id=asked.backup_id)
    assert await drill.status(scope) == "active"


async def test_a_second_unarchive_takes_nothing_away_that_was_written_since(drill: Drill) -> None:
    scope, odd = await drill.odd_site()
    await drill.archive(scope.slug)
    asked, other = await ask_for_unarchive(drill, scope), await ask_for_unarchive(drill, scope)

    async def used_meanwhile() -> None:
        await drill.restore(asked, as_it_was=True)
        await odd.change()
        async with drill.world.acting() as container:
            await (await container.get(SuspendSite))(slug=scope.slug, seen=None)

    async with drill.world.acting() as container:
        restore = await container.get(RestoreSite)
        late = replace(restore, replacing=Before(restore.replacing, used_meanwhile))  # type: ignore[arg-type]  # it does the same, later
        with pytest.raises(SiteStatusError):
            await late(backup_id=other.backup_id, site_id=other.site_id, as_it_was=True)
    assert any("changed" in row for row in (await odd.rows())["tasks"])


async def test_files_that_are_deleted_while_a_backup_is_brought_back_come_back(drill: Drill) -> None:
    scope, odd = await drill.odd_site()
    backup_id, files = await drill.back_up(scope.slug), await odd.files()
    asked = await drill.ask(scope.slug, BackupKind.BACKUP)

    async def deleted_meanwhile() -> None:
        for upload_id in files:
            await odd.forget_file(upload_id)
            await odd.lose_bytes(upload_id)

    async with drill.world.acting() as container:
        restore = await container.get(RestoreSite)
        slow = replace(restore, rebuilding=After(restore.rebuilding, deleted_meanwhile))  # type: ignore[arg-type]  # the same
        await slow(backup_id=backup_id, site_id=scope.site_id, previous_id=asked.backup_id)
    assert await odd.files() == files

    async with drill.world.acting(scope) as container:
        late = [Leftover(UploadId(upload_id)) for upload_id in files]
        await (await container.get(DiscardUploads))(leftovers=late)
    assert await odd.files() == files


async def test_a_restore_that_died_before_the_files_were_looked_after_does_it_when_run_again(drill: Drill) -> None:
    scope, odd = await drill.odd_site()
    backup_id, files = await drill.back_up(scope.slug), await odd.files()
    asked, once = await drill.ask(scope.slug, BackupKind.BACKUP), OncePerJob()
    for _ in range(2):
        async with drill.world.acting() as container:
            restore = await container.get(RestoreSite)
            steps = replace(restore.replacing.steps, once=once.looked)
            replacing = replace(restore.replacing, once=once, steps=steps)
            await replace(restore, replacing=replacing)(
                backup_id=backup_id, site_id=scope.site_id, previous_id=asked.backup_id
            )
        assert await odd.files() == files
        for upload_id in files:
            await odd.lose_bytes(upload_id)


async def test_two_runs_of_one_backup_leave_one_that_is_whole(drill: Drill) -> None:
    """As where a worker was taken for dead, and goes on."""
    scope, odd = await drill.odd_site()
    asked = await drill.ask(scope.slug, BackupKind.BACKUP)
    async with drill.world.acting() as container:
        slow = await container.get(BackUpSite)
        writing = slow.taking.writing
        dump = Interrupted(writing.dump, lambda: drill.take(asked.backup_id))
        taking = replace(slow.taking, writing=replace(writing, dump=dump))
        with pytest.raises(BackupStatusError):
            await replace(slow, taking=taking)(backup_id=asked.backup_id)
    assert (await drill.find(asked.backup_id)).status is BackupStatus.READY
    copy = drill.odd(await drill.copy(scope.slug, "copy", asked.backup_id))
    assert await copy.files() == await odd.files()


async def test_a_run_does_not_end_what_another_one_has_begun_anew(drill: Drill) -> None:
    scope, _odd = await drill.odd_site()
    asked = await drill.ask(scope.slug, BackupKind.BACKUP)
    async with drill.world.acting() as container:
        slow = await container.get(BackUpSite)
        writing, ending = slow.taking.writing, slow.taking.ending
        dump = Interrupted(writing.dump, lambda: ending.begin(asked.backup_id))
        with pytest.raises(BackupStatusError, match="meanwhile"):
            await replace(slow, taking=replace(slow.taking, writing=replace(writing, dump=dump)))(
                backup_id=asked.backup_id
            )
    assert (await drill.find(asked.backup_id)).status is BackupStatus.RUNNING


@dataclass(frozen=True)
class After:
    inner: Any
    then: Step

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    async def __call__(self, *what: Any, **how: Any) -> Any:
        done = await self.inner(*what, **how)
        await self.then()
        return done


@dataclass(frozen=True)
class Interrupted:
    """A dump of which the beginning is written, then all of something else happens, then the rest."""

    inner: Any
    meanwhile: Step

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    async def write(self, *what: Any) -> AsyncGenerator[bytes, None]:
        is_first = True
        async for chunk in self.inner.write(*what):
            yield chunk
            if is_first:
                await self.meanwhile()
            is_first = False
