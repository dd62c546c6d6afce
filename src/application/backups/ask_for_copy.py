from dataclasses import dataclass

from application.backups.asking import Asked, BackupChoosing, BackupOpening, SitePlacing
from application.backups.back_up_site import require_schema
from application.backups.clone_site import CloneSite
from application.backups.restore_site import RestoreSite
from application.shared.jobs import Jobs
from application.shared.ports import UnitOfWork
from application.tenancy.site_standing import SiteStanding
from domain.backups.backup import BackupId, BackupKind
from domain.tenancy.membership import OrganizationRight
from domain.tenancy.site import SiteRole
from domain.tenancy.slug import SiteSlug


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForCopy:
    """Have a new site made with all that another has now, or had in one of its backups. For owners of its organization.

    It takes a place of the plan at once, and the bytes of the files count for it. Nobody is signed in there.
    """

    site_standing: SiteStanding
    placing: SitePlacing
    choosing: BackupChoosing
    opening: BackupOpening
    jobs: Jobs
    work: UnitOfWork

    async def __call__(
        self,
        *,
        slug: str,
        new_slug: str,
        name: str,
        role: SiteRole,
        backup_id: BackupId | None = None,
        queued: bool = True,
    ) -> Asked:
        """Of what it has now where there is no `backup_id`."""
        target = SiteSlug(new_slug)
        async with self.work:
            source = await self.site_standing.require(slug, OrganizationRight.MANAGE_SITES)
            by = self.site_standing.standing.caller.user_id
            if backup_id is None:
                backup = await self.opening(require_schema(source), BackupKind.BACKUP, by)
            else:
                backup = await self.choosing(source, backup_id)
            copy = await self.placing(source, target, name, role, by)
            job_id = None
            if queued:
                job = CloneSite if backup_id is None else RestoreSite
                job_id = await self.jobs.add(job, backup_id=backup.id, site_id=copy.id)
                if backup_id is None:
                    await self.opening.give_to(job_id, backup)
        return Asked(backup_id=backup.id, site_id=copy.id, job_id=job_id)
