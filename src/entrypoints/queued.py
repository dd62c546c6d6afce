"""Every use case that is run as a job: a feature adds its own."""

from datetime import timedelta
from typing import Final

from application.audit.retain_history import RetainHistory
from application.backups.archive_site import ArchiveSite
from application.backups.back_up_site import BackUpSite
from application.backups.back_up_sites import BackUpSites
from application.backups.clone_site import CloneSite
from application.backups.expire_backups import ExpireBackups
from application.backups.export_site import ExportSite
from application.backups.restore_site import RestoreSite
from application.backups.settle_backups import SettleBackups
from application.files.discard_uploads import DiscardUploads
from application.files.sweep_files import SweepFiles
from application.files.sweep_sites import DiscardSite, SweepSites
from application.health.probe_components import ProbeComponents
from application.identity.purge_credentials import PurgePasswordResets, PurgeSessions
from application.identity.send_password_reset import SendPasswordReset
from application.imports.import_tasks import ImportTasks
from application.jobs.kinds import JobKind, JobKinds, JobPlace
from application.jobs.purge_jobs import PurgeJobs
from application.reports.make_report import MakeReport
from application.shared.jobs import Queued
from application.shared.mail import SendMail
from application.tasks.notify_assignee import NotifyAssignee, NotifyOfImport
from application.tenancy.domains.reverify_domains import ReverifyDomains
from application.tenancy.expire_invitations import ExpireInvitations
from application.tenancy.purge_invitations import PurgeInvitations
from application.tenancy.roll_up_usage import RollUpUsage
from domain.jobs.job import Queue, Retries

_LONG: Final = timedelta(hours=2)
_HALF_A_DAY: Final = timedelta(hours=12)
_FEW: Final = Retries(attempts=4, first=timedelta(minutes=1), longest=timedelta(minutes=30))
_MOVES: Final = (ArchiveSite, RestoreSite, CloneSite, ExportSite)


def _upkeep(use_case: type[Queued[...]], place: JobPlace = JobPlace.ANYWHERE) -> JobKind:
    """What the platform does for itself, by a schedule."""
    return JobKind(use_case=use_case, queue=Queue.MAINTENANCE, timeout=_LONG, schedulable=True, place=place)


def _glance(use_case: type[Queued[...]]) -> JobKind:
    """What the platform does every minute: not in the queue where it would wait for what takes hours."""
    return JobKind(use_case=use_case, queue=Queue.TENANT_TASKS, schedulable=True, place=JobPlace.PLATFORM)


def _move(use_case: type[Queued[...]]) -> JobKind:
    """What owners have done with all the data of a site."""
    return JobKind(use_case=use_case, queue=Queue.MAINTENANCE, timeout=_HALF_A_DAY, retries=_FEW, acts_as_asker=True)


QUEUED: Final = JobKinds(
    (
        JobKind(use_case=SendMail, queue=Queue.EMAILS, is_sealed=True),
        JobKind(use_case=SendPasswordReset, queue=Queue.EMAILS, is_sealed=True),
        JobKind(use_case=NotifyAssignee, queue=Queue.EMAILS),
        JobKind(use_case=NotifyOfImport, queue=Queue.EMAILS),
        JobKind(
            use_case=MakeReport,
            queue=Queue.REPORTS,
            retries=Retries(attempts=4),
            timeout=timedelta(minutes=30),
            acts_as_asker=True,
        ),
        JobKind(
            use_case=ImportTasks,
            queue=Queue.TENANT_TASKS,
            retries=Retries(attempts=4),
            timeout=timedelta(hours=1),
            acts_as_asker=True,
        ),
        JobKind(use_case=DiscardUploads, queue=Queue.MAINTENANCE),
        JobKind(use_case=DiscardSite, queue=Queue.MAINTENANCE),
        _upkeep(PurgeSessions),
        _upkeep(PurgePasswordResets),
        _upkeep(RetainHistory),
        _upkeep(SweepFiles, JobPlace.SITES),
        _upkeep(RollUpUsage, JobPlace.SITES),
        _upkeep(SweepSites, JobPlace.PLATFORM),
        _upkeep(ExpireInvitations, JobPlace.PLATFORM),
        _upkeep(PurgeInvitations, JobPlace.PLATFORM),
        _upkeep(PurgeJobs, JobPlace.PLATFORM),
        _upkeep(ReverifyDomains, JobPlace.PLATFORM),
        _glance(ProbeComponents),
        _glance(SettleBackups),
        JobKind(use_case=BackUpSite, queue=Queue.MAINTENANCE, timeout=_HALF_A_DAY, retries=_FEW),
        *(_move(one) for one in _MOVES),
        _upkeep(BackUpSites, JobPlace.PLATFORM),
        _upkeep(ExpireBackups, JobPlace.PLATFORM),
    )
)
