"""Wiring of jobs: how use cases add them, and how people manage them. What runs them is in `entrypoints.worker`."""

from dishka import Provider, provide, provide_all
from dishka import Scope as Lifetime

from adapters.crypto.keyring import Keyring
from adapters.crypto.sealing import KeyringSealer
from adapters.jobs.codec import MsgspecJobCodec
from application.jobs.authority import JobAuthority
from application.jobs.cancel_job import CancelJob
from application.jobs.kinds import JobKinds
from application.jobs.outbox import Outbox
from application.jobs.ports import JobCodec
from application.jobs.read_jobs import ListJobs, ShowJob
from application.jobs.retry_job import RetryJob
from application.shared.jobs import JobHere, Jobs, Once, Progress
from application.shared.ports import NewId
from entrypoints.queued import QUEUED


class JobsAdded(Provider):
    scope = Lifetime.REQUEST
    outbox = provide(Outbox, provides=Jobs)
    use_cases = provide_all(JobAuthority, ListJobs, ShowJob, RetryJob, CancelJob)

    @provide(scope=Lifetime.APP)
    def kinds(self) -> JobKinds:
        return QUEUED

    @provide(scope=Lifetime.APP)
    def codec(self, keyring: Keyring) -> JobCodec:
        return MsgspecJobCodec(KeyringSealer(keyring))


class NoJob(Provider):
    """Where use cases run at once, for whoever asks."""

    scope = Lifetime.REQUEST

    @provide
    def progress(self) -> Progress:
        return _nobody_is_told

    @provide
    def once(self) -> Once:
        return _always

    @provide
    def job(self, new_id: NewId) -> JobHere:
        return JobHere(new_id())


def _nobody_is_told(done: int, total: int | None = None, note: str = "") -> None:
    """No job runs here."""


async def _always(step: str) -> bool:  # noqa: ARG001  the port's signature
    return True
