"""Every use case that is run as a job: a feature adds its own."""

from datetime import timedelta
from typing import Final

from application.files.discard_uploads import DiscardUploads
from application.files.sweep_sites import DiscardSite
from application.identity.send_password_reset import SendPasswordReset
from application.imports.import_tasks import ImportTasks
from application.jobs.kinds import JobKind, JobKinds
from application.reports.make_report import MakeReport
from application.shared.mail import SendMail
from application.tasks.notify_assignee import NotifyAssignee, NotifyOfImport
from domain.jobs.job import Queue, Retries

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
    )
)
