"""Every use case that is run as a job: a feature adds its own."""

from datetime import timedelta
from typing import Final

from application.backups.archive_site import ArchiveSite
from application.backups.back_up_site import BackUpSite
from application.backups.back_up_sites import BackUpSites
from application.backups.clone_site import CloneSite
from application.backups.expire_backups import ExpireBackups
from application.backups.export_site import ExportSite
from application.backups.restore_site import RestoreSite
from application.files.discard_uploads import DiscardUploads
from application.files.sweep_sites import DiscardSite
from application.identity.send_password_reset import SendPasswordReset
from application.jobs.kinds import JobKind, JobKinds
from application.shared.mail import SendMail
from domain.jobs.job import Queue, Retries

_LONG: Final = timedelta(hours=12)
_FEW: Final = Retries(attempts=4, first=timedelta(minutes=1), longest=timedelta(minutes=30))
_BACKUPS: Final = (BackUpSite, ArchiveSite, RestoreSite, CloneSite, ExportSite)

QUEUED: Final = JobKinds(
    (
        JobKind(use_case=SendMail, queue=Queue.EMAILS, is_sealed=True),
        JobKind(use_case=SendPasswordReset, queue=Queue.EMAILS, is_sealed=True),
        JobKind(use_case=DiscardUploads, queue=Queue.MAINTENANCE),
        JobKind(use_case=DiscardSite, queue=Queue.MAINTENANCE),
        *(JobKind(use_case=one, queue=Queue.MAINTENANCE, timeout=_LONG, retries=_FEW) for one in _BACKUPS),
        JobKind(use_case=BackUpSites, queue=Queue.MAINTENANCE, timeout=_LONG, schedulable=True),
        JobKind(use_case=ExpireBackups, queue=Queue.MAINTENANCE, timeout=_LONG, schedulable=True),
    )
)
