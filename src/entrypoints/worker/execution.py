"""One job that is ours, from its use case to how it ended."""

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from dishka import AsyncContainer

from application.jobs.kinds import JobKind, JobKinds, UnknownJobError
from application.jobs.ports import JobCodec, RunningJob, UnreadableJobError
from application.shared.jobs import LeaseLostError, NotNowError, Progress
from domain.jobs.job import LONGEST_NOTE, Job
from domain.jobs.job import Progress as JobProgress
from domain.shared.errors import DomainError, ThrottledError, UnavailableError

_log: Final = logging.getLogger(__name__)
_ANOTHER_RELEASE: Final = timedelta(seconds=30)
"""How long a job waits that this release does not know: a worker of another one may take it before we do again."""


class _TookTooLongError(Exception):
    """Longer than its kind may."""


class ProgressBoard(Progress):
    """Remembers what was reported last, for whoever writes it down."""

    def __init__(self) -> None:
        self.latest: JobProgress | None = None

    def __call__(self, done: int, total: int | None = None, note: str = "") -> None:
        self.latest = JobProgress(done=done, total=total, note=note[:LONGEST_NOTE])


@dataclass(frozen=True, slots=True)
class Execution:
    """Runs jobs in containers of their own, in the scope and in the name of who asked."""

    app: AsyncContainer
    kinds: JobKinds
    codec: JobCodec
    clock: Callable[[], datetime]

    async def __call__(self, running: RunningJob, board: ProgressBoard) -> Job:
        """How the job is afterwards, not yet written down. Raise `LeaseLostError` where that is not ours to say."""
        job = running.job
        try:
            kind = self.kinds.named(job.name)
        except UnknownJobError as error:
            _log.warning("%s", error)
            return job.hand_back(at=self.clock(), pause=_ANOTHER_RELEASE)
        try:
            result = await self._result(kind, running, board)
        except LeaseLostError:
            raise
        except (Exception, asyncio.CancelledError) as error:
            if isinstance(error, asyncio.CancelledError) and _is_told_to_stop():
                raise
            return self._failed(kind, _with(job, board), error)
        done = _with(job, board).succeed(result, at=self.clock())
        return done.without_arguments() if kind.is_sealed else done

    async def _result(self, kind: JobKind, running: RunningJob, board: ProgressBoard) -> Any:
        arguments = self.codec.read(kind, running.job.id, running.job.arguments)
        limit = asyncio.timeout(kind.timeout.total_seconds())
        try:
            async with limit, self.app(context={RunningJob: running, Progress: board}) as container:
                use_case = await container.get(kind.use_case)
                return self.codec.result(await use_case(**arguments))
        except TimeoutError as error:
            if limit.expired():
                raise _TookTooLongError from error
            raise

    def _failed(self, kind: JobKind, job: Job, error: BaseException) -> Job:
        """What the business refused, and what cannot be read, no second attempt would change."""
        refused = isinstance(error, DomainError) and not isinstance(error, UnavailableError | ThrottledError)
        match error:
            case _TookTooLongError():
                told = f"it took longer than {kind.timeout}"
            case DomainError() | NotNowError() | UnreadableJobError():
                told = str(error)
            case _:
                told = f"{type(error).__name__}: see the log"
        failed = job.fail(
            told,
            kind.retries,
            at=self.clock(),
            chance=random.random(),  # noqa: S311  spreads retries, guards nothing
            is_final=refused or isinstance(error, UnreadableJobError),
        )
        expected = isinstance(error, DomainError | NotNowError | _TookTooLongError)
        _log.error("%s failed: %s", job.name, _printable(told), exc_info=None if expected else error)
        return failed


def _printable(text: str) -> str:
    """Without halves of surrogate pairs, which no log can hold."""
    return text.encode("utf-8", "replace").decode()


def _is_told_to_stop() -> bool:
    """By whoever runs the job. A library that gives up may cancel what waits for it, too: then the job has failed."""
    task = asyncio.current_task()
    return task is None or task.cancelling() > 0


def _with(job: Job, board: ProgressBoard) -> Job:
    return job.with_progress(board.latest) if board.latest else job
