"""How the ids of jobs travel from who dispatches to who works. Nothing else does: the row is the truth."""

from collections.abc import AsyncGenerator, Collection, Sequence
from typing import Protocol

from domain.jobs.job import JobId, Queue


class BrokerUnavailableError(Exception):
    """The broker cannot be reached, or did not confirm in time. The message is for the log, without a secret."""


class Delivery(Protocol):
    """One message about a job, ours until it is acknowledged or this process ends."""

    @property
    def job_id(self) -> JobId: ...

    async def ack(self) -> None:
        """The message is done with, whatever becomes of the job. Never raises: one that is not taken comes again."""
        ...


class Transport(Protocol):
    """At least once, in no promised order: a message may be doubled, and be lost where the broker loses its disk."""

    async def publish(self, queue: Queue, job_ids: Sequence[JobId]) -> None:
        """Return when the broker has them for good, within seconds.

        Raise `BrokerUnavailableError` otherwise; some may be there by then, and all may be published again.
        """
        ...

    def deliveries(self, queues: Collection[Queue], *, prefetch: int) -> AsyncGenerator[Delivery]:
        """What comes in, for ever: a broker that goes away is waited for and connected to again.

        No more than `prefetch` are unacknowledged at once, or one of each queue where that is more. `aclose` it to
        stop; what was not acknowledged goes to another worker.
        """
        ...

    async def problem(self) -> str:
        """Empty if it can be used now; otherwise what is wrong, without a secret."""
        ...

    async def strays(self) -> int:
        """How many messages were kept because this release could not read them. Raise `BrokerUnavailableError`."""
        ...
