"""What owners ask for, and what the jobs make of it, on each store."""

from uuid import uuid4

import pytest

from application.backups.ask_for_backup import AskForBackup
from application.backups.ask_for_copy import AskForCopy
from application.backups.ask_for_restore import AskForRestore, AskForUnarchive
from application.backups.asking import Asked
from application.backups.back_up_sites import BackUpSites
from application.backups.discard_backup import DiscardBackup
from application.backups.expire_backups import ExpireBackups
from application.backups.ports import BackupRepository
from application.backups.read_backups import DownloadExport, ListBackups, ShowBackup
from application.backups.views import BackupQuery, BackupView
from application.identity.ports import UserRepository
from application.shared.ports import UnitOfWork
from application.tenancy.change_organization import ChangeOrganization
from application.tenancy.delete_site import DeleteSite
from application.tenancy.read_sites import ShowSite, ShowSiteUsage
from domain.backups.backup import (
    BackupId,
    BackupKind,
    BackupNotFoundError,
    BackupStatus,
    BackupStatusError,
    RestoreNotConfirmedError,
)
from domain.jobs.job import JobId
from domain.shared.caller import Caller, NotPermittedError, UserId
from domain.tenancy.membership import MemberRole
from domain.tenancy.organization import OrganizationChanges
from domain.tenancy.plan import PlanLimitError
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import SiteNotFoundError, SiteRole, SiteStatus, SiteStatusError
from domain.tenancy.slug import SiteSlug
from tests.world import OPERATOR, World


async def ask(world: World, slug: str, kind: BackupKind = BackupKind.BACKUP, caller: Caller = OPERATOR) -> BackupId:
    """And have the jobs run."""
    async with world.acting(caller=caller) as container:
        asked: Asked = await (await container.get(AskForBackup))(slug=slug, kind=kind)
    await world.settle()
    return asked.backup_id


async def copy(world: World, slug: str, name: str, backup_id: BackupId | None = None) -> SiteScope:
    new = world.slug(name)
    async with world.acting() as container:
        asked = await (await container.get(AskForCopy))(
            slug=slug, new_slug=new, name=name, role=SiteRole.TESTING, backup_id=backup_id
        )
    await world.settle()
    return SiteScope(asked.site_id, new, SiteSlug(new).schema)


async def listed(world: World, slug: str) -> list[BackupView]:
    async with world.acting() as container:
        return list((await (await container.get(ListBackups))(slug=slug, query=BackupQuery())).results)


async def status(world: World, slug: str) -> SiteStatus:
    async with world.acting() as container:
        found = await (await container.get(ShowSite))(slug=slug)
    return SiteStatus(found.status)


async def has_user(world: World, scope: SiteScope, login: str) -> bool:
    async with world.acting(scope) as container, await container.get(UnitOfWork):
        return await (await container.get(UserRepository)).find_by_login(login) is not None


async def test_a_backup_is_ready_when_its_job_is_done(world: World) -> None:
    site, other = await world.site(), await world.site("other")
    await world.admin(site)
    backup_id = await ask(world, site.slug)

    (shown,) = await listed(world, site.slug)
    assert (shown.id, shown.kind, shown.status) == (backup_id, BackupKind.BACKUP, BackupStatus.READY)
    assert shown.verified_at is not None
    assert shown.rows > 0
    assert await listed(world, other.slug) == []


async def test_a_clone_has_what_the_site_has_and_nothing_of_it_changes_the_site(world: World) -> None:
    site = await world.site()
    await world.admin(site)
    clone = await copy(world, site.slug, "clone")
    assert await status(world, clone.slug) is SiteStatus.ACTIVE
    await world.admin(clone, "another")
    assert (await has_user(world, clone, "admin"), await has_user(world, site, "another")) == (True, False)


async def test_a_site_is_put_away_and_comes_back(world: World) -> None:
    site = await world.site()
    await world.admin(site)
    archive_id = await ask(world, site.slug, BackupKind.ARCHIVE)
    assert await status(world, site.slug) is SiteStatus.ARCHIVED
    async with world.acting() as container:
        used = await (await container.get(ShowSiteUsage))(slug=site.slug)
        assert (used.rows.users, used.bytes) == (0, 0)
        with pytest.raises(SiteStatusError):
            await (await container.get(AskForBackup))(slug=site.slug, kind=BackupKind.BACKUP)
        with pytest.raises(BackupStatusError, match="all that there is"):
            await (await container.get(DiscardBackup))(slug=site.slug, backup_id=archive_id)
        await (await container.get(AskForUnarchive))(slug=site.slug)
    await world.settle()
    assert await status(world, site.slug) is SiteStatus.ACTIVE
    assert await has_user(world, site, "admin")


async def test_a_site_that_has_data_is_replaced_only_if_that_is_confirmed(world: World) -> None:
    site = await world.site()
    backup_id = await ask(world, site.slug)
    await world.admin(site)
    async with world.acting() as container:
        restore = await container.get(AskForRestore)
        with pytest.raises(RestoreNotConfirmedError):
            await restore(slug=site.slug, backup_id=backup_id, confirm="another")
        await restore(slug=site.slug, backup_id=backup_id, confirm=site.slug)
    assert await has_user(world, site, "admin")
    await world.settle()
    assert not await has_user(world, site, "admin")
    assert [one.status for one in await listed(world, site.slug)] == [BackupStatus.READY] * 2


async def test_a_backup_of_another_site_is_not_there(world: World) -> None:
    site, other = await world.site(), await world.site("other")
    backup_id = await ask(world, other.slug)
    async with world.acting() as container:
        with pytest.raises(BackupNotFoundError):
            await (await container.get(AskForRestore))(slug=site.slug, backup_id=backup_id, confirm=site.slug)
        with pytest.raises(BackupNotFoundError):
            await (await container.get(AskForCopy))(
                slug=site.slug, new_slug=world.slug("x"), name="x", role=SiteRole.TESTING, backup_id=backup_id
            )
        with pytest.raises(BackupNotFoundError):
            await (await container.get(DiscardBackup))(slug=site.slug, backup_id=backup_id)
        with pytest.raises(BackupNotFoundError):
            await (await container.get(DownloadExport))(slug=site.slug, backup_id=backup_id)


async def test_only_owners_ask(world: World) -> None:
    site = await world.site()
    owner, member = await world.member(MemberRole.OWNER), await world.member(MemberRole.MEMBER)
    await ask(world, site.slug, caller=owner)
    with pytest.raises(NotPermittedError):
        await ask(world, site.slug, caller=member)
    stranger = Caller(label="nobody", permissions=frozenset(), user_id=UserId(uuid4()))
    with pytest.raises(SiteNotFoundError):
        await ask(world, site.slug, caller=stranger)
    assert len(await listed(world, site.slug)) == 1


async def test_a_copy_takes_a_place_of_the_plan(world: World) -> None:
    site = await world.site()
    async with world.acting() as container:
        changes = OrganizationChanges(max_sites=1)
        await (await container.get(ChangeOrganization))(slug=world.organization, changes=changes, seen=None)
    with pytest.raises(PlanLimitError):
        await copy(world, site.slug, "one-too-many")
    assert await listed(world, site.slug) == []


async def test_every_active_site_is_backed_up_once_a_night(world: World) -> None:
    site, archived = await world.site(), await world.site("archived")
    await ask(world, archived.slug, BackupKind.ARCHIVE)
    for _ in range(2):
        async with world.acting() as container:
            await (await container.get(BackUpSites))()
            (backup,) = await (await container.get(BackupRepository)).of_site(site.site_id)
            assert backup.job_id
        await world.desk.run(JobId(backup.job_id))  # and not the jobs of other tests' sites
        assert [one.status for one in await listed(world, site.slug)] == [BackupStatus.READY]
    assert [one.kind for one in await listed(world, archived.slug)] == [BackupKind.ARCHIVE]


async def expire(world: World) -> None:
    async with world.acting() as container:
        await (await container.get(ExpireBackups))()


async def kept(world: World, site: SiteScope) -> set[BackupId]:
    """Of which the store has something."""
    return {key[1] for key in world.objects.parts if key[0] == site.site_id}


async def test_backups_are_kept_for_their_time_and_the_newest_ones_always(world: World) -> None:
    site, archived, deleted = [await world.site(name) for name in ("acme", "archived", "deleted")]
    backups = [await ask(world, site.slug) for _ in range(5)]
    archive = await ask(world, archived.slug, BackupKind.ARCHIVE)
    await ask(world, deleted.slug)
    async with world.acting() as container:
        await (await container.get(DeleteSite))(slug=deleted.slug, confirm=deleted.slug, seen=None)
    await world.settle()
    await expire(world)
    assert await kept(world, site) == set(backups)
    assert len(await kept(world, deleted)) == 1

    world.clock.advance(days=31)
    await expire(world)
    assert await kept(world, site) == set(backups[-3:])
    assert await kept(world, archived) == {archive}
    assert await kept(world, deleted) == set()
    assert {one.id for one in await listed(world, site.slug)} == set(backups[-3:])


async def test_what_never_ended_is_given_up(world: World) -> None:
    site = await world.site()
    async with world.acting() as container:
        asked = await (await container.get(AskForBackup))(slug=site.slug, kind=BackupKind.BACKUP, queued=False)
    world.clock.advance(days=3)
    await expire(world)
    async with world.acting() as container, await container.get(UnitOfWork):
        found = await (await container.get(BackupRepository)).get(asked.backup_id)
    assert (found.status, found.error) == (BackupStatus.EXPIRED, "it never ended")
    assert await listed(world, site.slug) == []


async def test_an_export_is_downloaded_and_a_backup_is_not(world: World) -> None:
    site = await world.site()
    backup_id, export_id = await ask(world, site.slug), await ask(world, site.slug, BackupKind.EXPORT)
    async with world.acting() as container:
        download = await container.get(DownloadExport)
        answer = world.objects.fetch(await download(slug=site.slug, backup_id=export_id))
        assert (answer.status, answer.content[:2]) == (200, b"PK")
        with pytest.raises(BackupStatusError):
            await download(slug=site.slug, backup_id=backup_id)


async def test_a_backup_is_shown_under_its_own_site_alone(world: World) -> None:
    site, other = await world.site(), await world.site("other")
    backup_id = await ask(world, site.slug)
    async with world.acting() as container:
        show = await container.get(ShowBackup)
        assert (await show(slug=site.slug, backup_id=backup_id)).id == backup_id
        with pytest.raises(BackupNotFoundError):
            await show(slug=other.slug, backup_id=backup_id)


async def test_an_export_is_nothing_to_restore_from(world: World) -> None:
    site = await world.site()
    export_id = await ask(world, site.slug, BackupKind.EXPORT)
    async with world.acting() as container:
        with pytest.raises(BackupStatusError):
            await (await container.get(AskForRestore))(slug=site.slug, backup_id=export_id, confirm=site.slug)
        with pytest.raises(BackupStatusError):
            await (await container.get(AskForCopy))(
                slug=site.slug, new_slug=world.slug("copy"), name="copy", role=SiteRole.TESTING, backup_id=export_id
            )


async def test_a_copy_that_cannot_be_made_can_be_deleted(world: World) -> None:
    site = await world.site()
    backup_id = await ask(world, site.slug)
    (key,) = [one for one in world.objects.parts if one[1] == backup_id and one[2].endswith("-dump")]
    world.objects.parts[key] = world.objects.parts[key][:-1]
    copied = await copy(world, site.slug, "broken", backup_id)
    assert await status(world, copied.slug) is SiteStatus.PROVISIONING
    async with world.acting() as container:
        await (await container.get(DeleteSite))(slug=copied.slug, confirm=copied.slug, seen=None)
