"""The rows of backups and sites that a job is asked for with, in the transaction that asks."""

from dataclasses import dataclass, replace
from datetime import timedelta

from application.backups.ports import BackupRepository
from application.shared.ports import Clock, NewId
from application.tenancy.organization_ports import SiteAccessRepository
from application.tenancy.ports import OrganizationRepository, SiteRepository
from domain.backups.backup import Backup, BackupId, BackupKind, BackupNotFoundError
from domain.jobs.job import JobId
from domain.shared.caller import UserId
from domain.tenancy.site import Site, SiteId, SiteRole
from domain.tenancy.slug import SiteSlug


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupPolicy:
    """How long a backup is kept, how many newest ones in any case, and for how long an export can be fetched."""

    keep: timedelta
    newest: int
    export: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for. `job_id` is None where whoever asks does it at once."""

    backup_id: BackupId
    site_id: SiteId
    job_id: JobId | None
    previous_id: BackupId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupOpening:
    """Adds the row of a backup that is to be taken."""

    backups: BackupRepository
    policy: BackupPolicy
    clock: Clock
    new_id: NewId

    async def __call__(self, site: Site, kind: BackupKind, by: UserId | None) -> Backup:
        now = self.clock()
        until = {BackupKind.BACKUP: now + self.policy.keep, BackupKind.EXPORT: now + self.policy.export}
        backup = Backup(
            id=BackupId(self.new_id()),
            site_id=site.id,
            organization_id=site.organization_id,
            kind=kind,
            created_at=now,
            created_by=by,
            expires_at=until.get(kind),
        )
        await self.backups.hold(site.id)
        await self.backups.add(backup)
        return backup

    async def give_to(self, job_id: JobId, backup: Backup) -> None:
        """It is this job's to take: where that ends without, the backup failed."""
        await self.backups.save(replace(backup, job_id=job_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupChoosing:
    """Finds the backup that something is to be made of."""

    backups: BackupRepository

    async def __call__(self, site: Site, backup_id: BackupId) -> Backup:
        """Raise `BackupNotFoundError` where it is not of this site, `BackupStatusError` where it is no ready one."""
        backup = await self.backups.get(backup_id)
        if backup.site_id != site.id:
            raise BackupNotFoundError(f"there is no backup {backup_id} of {site.slug.value}")
        backup.require_ready(BackupKind.BACKUP, BackupKind.ARCHIVE)
        return backup


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePlacing:
    """Takes the place of a site in its organization's plan for a copy that is still to be made.

    Whoever may enter the one may enter the other. It has no schema yet, so its hosts answer 503.
    """

    organizations: OrganizationRepository
    sites: SiteRepository
    access: SiteAccessRepository
    clock: Clock
    new_id: NewId

    async def __call__(self, source: Site, slug: SiteSlug, name: str, role: SiteRole, by: UserId | None) -> Site:
        """Raise `PlanLimitError`, `SlugTakenError`."""
        owner = await self.organizations.get_by_id(source.organization_id)
        owner.require_active()
        owner.require_place_for_site(await self.sites.count(owner.id))
        now = self.clock()
        copy = Site(
            id=SiteId(self.new_id()),
            organization_id=owner.id,
            name=name,
            slug=slug,
            description=source.description,
            role=role,
            settings=source.settings,
            created_at=now,
            updated_at=now,
            created_by=by,
        )
        await self.sites.add(copy)
        await self.access.copy(source.id, copy.id, at=now, by=by)
        return copy
