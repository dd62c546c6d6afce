"""What a use case needs to have something done later: it adds a job in its own transaction."""

from typing import NewType, ParamSpec, Protocol
from uuid import UUID

from domain.jobs.job import JobId

P = ParamSpec("P")
JobHere = NewType("JobHere", UUID)
"""The job that runs here; where none does, an id that nothing else has."""


class NotNowError(Exception):
    """It did not work this time and may work later. The message is for the log: there is no secret in it."""


class Queued(Protocol[P]):
    """A use case that is safe to repeat. What it returns, if anything, is the job's result: a dataclass."""

    async def __call__(self, *args: P.args, **kwargs: P.kwargs) -> object: ...


class Jobs(Protocol):
    async def add(self, use_case: type[Queued[P]], *args: P.args, **kwargs: P.kwargs) -> JobId:
        """Have it run after the commit, in this scope, in the name of who asks now; never if it is rolled back.

        Call it in the transaction that it belongs to, late, and with keyword arguments. It runs at least once, and
        again after a while if it fails.
        """
        ...


class Progress(Protocol):
    """How far this job is; nobody is told where no job runs."""

    def __call__(self, done: int, total: int | None = None, note: str = "") -> None:
        """Cheap: it may be called for each line of a file. It is shown to whoever looks at the job."""
        ...


class Once(Protocol):
    """What a job does once, however often it is run."""

    async def __call__(self, step: str) -> bool:
        """In a transaction: whether this job has not yet done the step of this name; from the commit on it has.

        Raise `LeaseLostError` if the job is not ours any more: somebody else runs it. Where no job runs: always true.
        """
        ...


class LeaseLostError(Exception):
    """Somebody else runs this job by now, or it was cancelled. Nothing of it may be done here any more."""
