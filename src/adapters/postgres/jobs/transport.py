"""PostgreSQL as the broker: the row of a queued job is the message itself, so nothing is sent that could be lost."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from logging import getLogger
from typing import Final
from uuid import UUID, uuid4

import asyncpg

from adapters.postgres.health import database_problem
from adapters.postgres.jobs.hearing import FAILURES, Hearing
from adapters.postgres.jobs.messages import CHANNEL, QueuedRows
from application.jobs.transport import BrokerUnavailableError, Delivery, Transport
from domain.jobs.job import JobId, Queue

_log: Final = getLogger(__name__)


class PostgresTransport(Transport):
    """Workers hear of what is queued, and look for it every `pause` seconds in case they did not.

    What a worker had in hand when it was killed comes again when the dispatcher's patience with it is over.
    """

    def __init__(self, pool: asyncpg.Pool, url: str, *, pause: float = 2) -> None:
        self._pool = pool
        self._rows = QueuedRows(pool)
        self._url = url
        self._pause = pause

    async def publish(self, queue: Queue, job_ids: Sequence[JobId]) -> None:
        try:
            await self._rows.offer(queue, job_ids)
        except FAILURES as error:
            raise BrokerUnavailableError(f"PostgreSQL cannot be reached: {type(error).__name__}") from error

    async def deliveries(self, queues: Collection[Queue], *, prefetch: int) -> AsyncGenerator[Delivery]:
        hand, heard = _Hand(self._rows, queues, max(prefetch, len(queues))), asyncio.Event()
        hearing = asyncio.create_task(Hearing(self._url, CHANNEL).listen(lambda told: _wake(heard, told, queues)))
        try:
            while True:
                heard.clear()
                wanted, taken = await hand.fill()
                for delivery in taken:
                    yield delivery
                if len(taken) < wanted:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(heard.wait(), self._pause)
        finally:
            hearing.cancel()
            await hand.empty()

    async def strays(self) -> int:
        """Rows can be read."""
        return 0

    async def problem(self) -> str:
        return await database_problem(self._pool)


def _wake(heard: asyncio.Event, told: str, queues: Collection[Queue]) -> None:
    if not told or told in queues:
        heard.set()


@dataclass(slots=True)
class _Hand:
    """What one consumer has taken and not acknowledged."""

    rows: QueuedRows
    queues: Collection[Queue]
    size: int
    consumer: UUID = field(default_factory=uuid4)
    held: set[JobId] = field(default_factory=set)
    room: asyncio.Event = field(default_factory=asyncio.Event)

    async def fill(self) -> tuple[int, Sequence[Delivery]]:
        """When there is room: how many were wanted, and what there was."""
        while len(self.held) >= self.size:
            self.room.clear()
            await self.room.wait()
        wanted = self.size - len(self.held)
        try:
            taken = await self.rows.take(self.consumer, self.queues, most=wanted)
        except FAILURES as error:
            _log.warning("no jobs come from PostgreSQL for now: %s", type(error).__name__)
            return wanted, ()
        self.held.update(taken)
        return wanted, [_RowDelivery(job_id, self) for job_id in taken]

    def drop(self, job_id: JobId) -> None:
        self.held.discard(job_id)
        self.room.set()

    async def empty(self) -> None:
        if self.held:
            with suppress(*FAILURES):
                await self.rows.give_back(self.consumer, self.held)


class _RowDelivery(Delivery):
    """Acknowledged, it stays in the hand as the row says, unless it was claimed: nobody gets it again unasked."""

    def __init__(self, job_id: JobId, hand: _Hand) -> None:
        self._job_id = job_id
        self._hand = hand

    @property
    def job_id(self) -> JobId:
        return self._job_id

    async def ack(self) -> None:
        self._hand.drop(self._job_id)
