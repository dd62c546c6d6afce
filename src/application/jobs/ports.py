from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from application.jobs.kinds import JobKind
from domain.jobs.job import Job, JobId, LeaseId, Progress
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


class JobCodec(Protocol):
    """The arguments of jobs, between a use case's own and those of a row."""

    def write(self, kind: JobKind, job_id: JobId, arguments: Mapping[str, Any]) -> Mapping[str, Any]: ...

    def read(self, kind: JobKind, job_id: JobId, stored: Mapping[str, Any]) -> Mapping[str, Any]:
        """Raise `UnreadableJobError` where they are not what the use case takes."""
        ...

    def result(self, returned: object) -> Mapping[str, Any] | None:
        """What a use case returned, as a row keeps it."""
        ...


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
        """Start it, if it waits and is due: of any number that try, one gets it.

        None for all that is not to be done: it runs elsewhere, it has ended, its site is not there to run it in.
        """
        ...

    async def extend(self, leases: Collection[LeaseId], *, until: datetime) -> frozenset[LeaseId]:
        """Those that are still ours: the others ran out and went to somebody else, or their jobs were cancelled."""
        ...

    async def report(self, progress: Mapping[LeaseId, Progress]) -> None:
        """Of those that are still ours and not locked now; the others are told the next time."""
        ...

    async def finish(self, job: Job, lease: LeaseId) -> bool:
        """Write how it ended, or when it is tried again. False, and nothing, if it is not ours any more."""
        ...


class JobDispatch(Protocol):
    """The jobs of all scopes, on their way to the broker. Each call is a transaction of its own; any number of
    processes may call them at once.
    """

    async def take(self, queue: str, *, at: datetime, until: datetime, window: int, per_site: int) -> Sequence[JobId]:
        """Mark as queued what is due, round-robin over the sites, oldest first within each.

        No more than `window` are queued at once, and no more than `per_site` of one site are queued or run. What was
        queued and is not claimed by `until` goes out once more.
        """
        ...

    async def give_back(self, job_ids: Collection[JobId]) -> None:
        """They could not be published: they wait again."""
        ...

    async def recover(self, *, at: datetime) -> int:
        """Have what ran out of its lease wait again, or die after its last attempt; how many there were."""
        ...

    async def next_due(self, *, after: datetime) -> datetime | None:
        """When the next job that waits becomes due."""
        ...
