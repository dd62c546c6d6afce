from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from application.jobs.kinds import JobKind
from application.shared.jobs import NotNowError
from domain.jobs.job import Job, JobId, JobStatus, LeaseId, Progress, Queue
from domain.tenancy.scope import Scope


class JobRepository(Protocol):
    """The jobs of the scope in whose name this runs: the platform sees those of all sites, a site its own."""

    async def add(self, job: Job) -> bool:
        """In this scope, and wake who dispatches. False, and nothing, where an unended one has its `unique`."""
        ...

    async def get(self, job_id: JobId) -> Job:
        """Lock it until the transaction ends. Raise `JobNotFoundError`."""
        ...

    async def save(self, job: Job) -> None:
        """Whoever ran it before has lost its lease. Raise `JobExistsError` where another has its `unique` by now."""
        ...


class EndedJobs(Protocol):
    """The jobs of all scopes that have ended."""

    async def purge(self, statuses: Collection[JobStatus], *, finished_before: datetime, at_most: int) -> int:
        """Delete some that ended so, the oldest first, in a transaction of its own; how many. Safe to repeat."""
        ...


class JobCodec(Protocol):
    """The arguments of jobs, between a use case's own and those of a row."""

    def write(self, kind: JobKind, job_id: JobId, arguments: Mapping[str, Any]) -> Mapping[str, Any]: ...

    def read(self, kind: JobKind, job_id: JobId, stored: Mapping[str, Any]) -> Mapping[str, Any]:
        """Raise `UnreadableJobError` where they are not what the use case takes, `SealedElsewhereError`."""
        ...

    def result(self, returned: object) -> Mapping[str, Any] | None:
        """What a use case returned, as a row keeps it."""
        ...


class SealedElsewhereError(NotNowError):
    """The arguments are sealed under a key that this process has not: one that is new, and comes to it yet, or one
    that is kept no more.
    """

    def __init__(self, kid: str) -> None:
        super().__init__(f"the arguments are sealed under the key {kid}, which is not among the signing keys here")


class UnreadableJobError(ValueError):
    """The arguments are not what this release reads. The message names no value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningJob:
    """A job that is ours until `lease` runs out, and the scope it runs in."""

    job: Job
    lease: LeaseId
    scope: Scope


class JobLeases(Protocol):
    """The jobs of all scopes, for whoever runs them. Each call is a transaction of its own."""

    async def claim(
        self, job_id: JobId, lease: LeaseId, *, worker: str, at: datetime, until: datetime
    ) -> RunningJob | None:
        """Start it, if it waits and is due: of any number that try, one gets it. Made again, a claim counts once.

        None for all that is not to be done: it runs elsewhere, it has ended, its site is not there to run it in.
        """
        ...

    async def extend(self, leases: Collection[LeaseId], *, until: datetime) -> frozenset[LeaseId]:
        """Those that are still ours: the others ran out and went to somebody else, or their jobs were cancelled."""
        ...

    async def report(self, progress: Mapping[LeaseId, Progress]) -> frozenset[LeaseId]:
        """Write it down of those that are still ours and that no transaction holds now: these."""
        ...

    async def finish(self, job: Job, lease: LeaseId) -> bool:
        """Write how it ended, or when it is tried again. False, and nothing, if it is not ours any more."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchLimits:
    """What keeps one site from taking all of a queue, and what is lost from being lost for long.

    No more than `window` jobs of a queue are with the broker, and no more than `per_site` of one site are there or run;
    the platform counts as one more site. What is delivered and not claimed goes out again after `patience`, which
    doubles each time up to `longest`.
    """

    window: int = 100
    per_site: int = 10
    patience: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What goes to the broker now, in this order. `next_due` is when more becomes due, if that is known."""

    job_ids: Sequence[JobId]
    next_due: datetime | None = None


class JobDispatch(Protocol):
    """The jobs of all scopes, on their way to the broker. Each call is a transaction of its own; any number of
    processes may call them at once, and none waits for another.
    """

    async def take(self, queue: Queue, limits: DispatchLimits, *, at: datetime) -> Taken:
        """Mark as queued what is due: first of those sites of which the fewest are underway, oldest first within each.

        Nothing where another process is taking from this queue. Jobs wait while their site is not open.
        """
        ...

    async def give_back(self, job_ids: Collection[JobId]) -> None:
        """They could not be published: those that nobody claimed wait again."""
        ...

    async def recover(self, interrupted: Callable[[Job], Job], *, at: datetime) -> int:
        """Make what ran out of its lease what `interrupted` says; how many there were.

        What a living transaction holds has not run out, whatever the clock says.
        """
        ...

    async def cancel_orphans(self, queue: Queue, *, at: datetime) -> int:
        """Cancel what waits for sites that are deleted; how many there were. Some may be left for the next call."""
        ...


class JobWakes(Protocol):
    async def listen(self, wake: Callable[[Queue], None]) -> None:
        """For ever: tell each queue in which something began to wait; all of them after nothing could be heard."""
        ...
