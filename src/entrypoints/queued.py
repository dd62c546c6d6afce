"""Every use case that is run as a job: a feature adds its own."""

from typing import Final

from application.files.discard_uploads import DiscardUploads
from application.files.sweep_sites import DiscardSite
from application.identity.send_password_reset import SendPasswordReset
from application.jobs.kinds import JobKind, JobKinds
from application.shared.mail import SendMail
from domain.jobs.job import Queue

QUEUED: Final = JobKinds(
    (
        JobKind(use_case=SendMail, queue=Queue.EMAILS, is_sealed=True),
        JobKind(use_case=SendPasswordReset, queue=Queue.EMAILS, is_sealed=True),
        JobKind(use_case=DiscardUploads, queue=Queue.MAINTENANCE),
        JobKind(use_case=DiscardSite, queue=Queue.MAINTENANCE),
    )
)
