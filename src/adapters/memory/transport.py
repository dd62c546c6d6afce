import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Collection, Iterable, Sequence

from application.jobs.transport import BrokerUnavailableError, Delivery, Transport
from domain.jobs.job import JobId, Queue

_Message = tuple[Queue, JobId]


class MemoryTransport(Transport):
    """Within this process, and gone with it. `is_down` makes it a broker that cannot be reached."""

    def __init__(self) -> None:
        self.is_down = False
        self._waiting: deque[_Message] = deque()
        self._changed = asyncio.Condition()

    async def publish(self, queue: Queue, job_ids: Sequence[JobId]) -> None:
        if problem := await self.problem():
            raise BrokerUnavailableError(problem)
        await self._put((queue, job_id) for job_id in job_ids)

    async def deliveries(self, queues: Collection[Queue], *, prefetch: int) -> AsyncGenerator[Delivery]:
        unacked: dict[MemoryDelivery, _Message] = {}
        room = asyncio.Semaphore(max(prefetch, len(queues)))
        try:
            while True:
                await room.acquire()
                message = await self._take(queues)
                delivery = MemoryDelivery(message[1], unacked, room)
                unacked[delivery] = message
                yield delivery
        finally:
            await self._put(unacked.values())

    async def problem(self) -> str:
        return "the broker in memory is down" if self.is_down else ""

    async def strays(self) -> int:
        return 0

    async def _put(self, messages: Iterable[_Message]) -> None:
        async with self._changed:
            self._waiting.extend(messages)
            self._changed.notify_all()

    async def _take(self, queues: Collection[Queue]) -> _Message:
        async with self._changed:
            await self._changed.wait_for(lambda: any(queue in queues for queue, _ in self._waiting))
            message = next(one for one in self._waiting if one[0] in queues)
            self._waiting.remove(message)
            return message


class MemoryDelivery(Delivery):
    def __init__(self, job_id: JobId, unacked: dict["MemoryDelivery", _Message], room: asyncio.Semaphore) -> None:
        self._job_id = job_id
        self._unacked = unacked
        self._room = room

    @property
    def job_id(self) -> JobId:
        return self._job_id

    async def ack(self) -> None:
        if self._unacked.pop(self, None):
            self._room.release()
