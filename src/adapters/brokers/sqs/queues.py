import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from adapters.brokers.sqs.address import SqsAddress
from application.jobs.transport import BrokerUnavailableError

ANSWER_SECONDS: Final = 8.0
_CONNECTIONS: Final = 20
_CONNECT_SECONDS: Final = 3
_KEPT_FOR: Final = 14 * 24 * 3600
"""As long as Amazon keeps messages at most."""
_UNKNOWN_QUEUE: Final = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")


@dataclass(slots=True)
class SqsQueues:
    """The queues, each made when it is first used and not there. `client` is aiobotocore's for SQS."""

    client: Any
    address: SqsAddress
    _urls: dict[str, str] = field(default_factory=dict)
    _farewells: set[asyncio.Task[None]] = field(default_factory=set)

    async def ask(self, operation: str, queue: str, *, seconds: float = ANSWER_SECONDS, **parameters: Any) -> Any:
        """Raise `BrokerUnavailableError` for whatever keeps it from being done in that time."""
        try:
            async with asyncio.timeout(seconds):
                url = self._urls.get(queue) or await self._find(queue)
                return await getattr(self.client, operation)(QueueUrl=url, **parameters)
        except (ClientError, BotoCoreError, OSError, TimeoutError) as error:
            self._urls.pop(queue, None)
            raise BrokerUnavailableError(f"cannot be used: {outage(error)}") from error

    def later(self, farewell: Coroutine[Any, Any, None]) -> None:
        """What is to be done before the client is closed, and nobody waits for now."""
        task = asyncio.create_task(farewell)
        self._farewells.add(task)
        task.add_done_callback(self._farewells.discard)

    async def settle(self) -> None:
        """Do what was left for later, in the time that one request takes."""
        if self._farewells:
            await asyncio.wait(self._farewells, timeout=self.address.wait_seconds + 1)

    async def _find(self, queue: str) -> str:
        try:
            found = await self.client.get_queue_url(QueueName=queue)
        except ClientError as error:
            if _code(error) not in _UNKNOWN_QUEUE:
                raise
            found = await self.client.create_queue(QueueName=queue, Attributes=self._attributes())
        url: str = found["QueueUrl"]
        self._urls[queue] = url
        return url

    def _attributes(self) -> dict[str, str]:
        return {
            "MessageRetentionPeriod": str(_KEPT_FOR),
            "VisibilityTimeout": str(self.address.visibility_seconds),
            "ReceiveMessageWaitTimeSeconds": str(self.address.wait_seconds),
        }


@asynccontextmanager
async def open_queues(address: SqsAddress) -> AsyncIterator[SqsQueues]:
    """For as long as the process lives. Nothing is sent before it is used."""
    import aioboto3  # noqa: PLC0415  takes half a second, and most commands do without it
    from botocore.config import Config  # noqa: PLC0415  the same

    config = Config(
        max_pool_connections=_CONNECTIONS,
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=address.wait_seconds + ANSWER_SECONDS,
        retries={"total_max_attempts": 2, "mode": "standard"},
        proxies={} if address.is_local else None,
    )
    session = aioboto3.Session(
        aws_access_key_id=address.key_id or None,
        aws_secret_access_key=address.secret or None,
        region_name=address.region,
    )
    async with session.client("sqs", endpoint_url=address.endpoint or None, config=config) as client:
        queues = SqsQueues(client, address)
        yield queues
        await queues.settle()


def outage(error: BaseException) -> str:
    """In a few words, and none of Amazon's own: they may name accounts."""
    code = _code(error) if isinstance(error, ClientError) else ""
    return f"{type(error).__name__} {code}".strip()


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
