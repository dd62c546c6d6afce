from dataclasses import dataclass

from application.backups.asking import Asked, BackupChoosing, BackupOpening
from application.backups.ports import BackupRepository
from application.backups.restore_site import RestoreSite
from application.shared.jobs import Jobs
from application.shared.ports import UnitOfWork
from application.tenancy.site_standing import SiteStanding
from domain.backups.backup import (
    Backup,
    BackupId,
    BackupKind,
    BackupNotFoundError,
    BackupStatus,
    RestoreNotConfirmedError,
)
from domain.shared.caller import UserId
from domain.tenancy.membership import OrganizationRight
from domain.tenancy.site import HAVE_SCHEMAS, Site, SiteStatus, SiteStatusError


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForRestore:
    """Have a backup of a site brought back into it. For owners of its organization.

    Where the site is not archived, `confirm` must repeat its slug: what it has now is backed up, and replaced.
    """

    site_standing: SiteStanding
    choosing: BackupChoosing
    opening: BackupOpening
    jobs: Jobs
    work: UnitOfWork

    async def __call__(self, *, slug: str, backup_id: BackupId, confirm: str = "", queued: bool = True) -> Asked:
        async with self.work:
            site = await self.site_standing.require(slug, OrganizationRight.MANAGE_SITES)
            await self.choosing(site, backup_id)
            previous = await self._previous(site, confirm, self.site_standing.standing.caller.user_id)
            previous_id, job_id = previous.id if previous else None, None
            if queued:
                job_id = await self.jobs.add(RestoreSite, backup_id=backup_id, site_id=site.id, previous_id=previous_id)
                if previous:
                    await self.opening.give_to(job_id, previous)
        return Asked(backup_id=backup_id, site_id=site.id, job_id=job_id, previous_id=previous_id)

    async def _previous(self, site: Site, confirm: str, by: UserId | None) -> Backup | None:
        """The backup to be taken of what the site has now; None where it has nothing."""
        if site.status is SiteStatus.ARCHIVED:
            return None
        if site.status not in HAVE_SCHEMAS:
            raise SiteStatusError(f"into a site that is {site.status} nothing can be restored")
        if confirm != site.slug.value:
            raise RestoreNotConfirmedError(f"confirm must be {site.slug.value!r}: this replaces all data of the site")
        return await self.opening(site, BackupKind.BACKUP, by)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForUnarchive:
    """Have an archived site come back as it was put away. For owners of its organization."""

    site_standing: SiteStanding
    backups: BackupRepository
    jobs: Jobs
    work: UnitOfWork

    async def __call__(self, *, slug: str, queued: bool = True) -> Asked:
        """Raise `BackupNotFoundError` where there is no archive of it."""
        async with self.work:
            site = await self.site_standing.require(slug, OrganizationRight.MANAGE_SITES)
            if site.status is not SiteStatus.ARCHIVED:
                raise SiteStatusError(f"a site that is {site.status} is not archived")
            backup_id = await self._newest(site)
            job_id = (
                await self.jobs.add(RestoreSite, backup_id=backup_id, site_id=site.id, as_it_was=True)
                if queued
                else None
            )
        return Asked(backup_id=backup_id, site_id=site.id, job_id=job_id)

    async def _newest(self, site: Site) -> BackupId:
        for backup in await self.backups.of_site(site.id):
            if backup.kind is BackupKind.ARCHIVE and backup.status is BackupStatus.READY:
                return backup.id
        raise BackupNotFoundError(f"there is no archive of {site.slug.value}")
