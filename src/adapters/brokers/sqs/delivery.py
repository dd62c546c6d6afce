import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from adapters.brokers.message import UnreadableMessageError, read_message
from adapters.brokers.sqs.queues import SqsQueues
from application.jobs.transport import BrokerUnavailableError, Delivery
from domain.jobs.job import JobId

_log: Final = logging.getLogger(__name__)
_VALUES: Final = ("DataType", "StringValue", "BinaryValue")


class SqsDelivery(Delivery):
    """A message of `queue` that was received; `done` is told once it is not ours any more."""

    def __init__(
        self, queues: SqsQueues, queue: str, message: Mapping[str, Any], *, done: Callable[["SqsDelivery"], None]
    ) -> None:
        self._queues = queues
        self._queue = queue
        self._message = message
        self._done = done

    @property
    def job_id(self) -> JobId:
        return read_message(self._message["Body"])

    @property
    def is_readable(self) -> bool:
        try:
            return bool(self.job_id)
        except UnreadableMessageError:
            return False

    async def ack(self) -> None:
        try:
            await self._ask("delete_message")
        except BrokerUnavailableError as error:
            _log.warning("a message in %s will come again: %s", self._queue, error)
        self.forget()

    def forget(self) -> None:
        """It comes again when its time is up, unless it was acknowledged."""
        self._done(self)

    async def give_back(self) -> None:
        """For somebody else, now; if Amazon does not answer, when its time is up."""
        with suppress(BrokerUnavailableError):
            await self._ask("change_message_visibility", VisibilityTimeout=0)

    async def keep(self) -> None:
        """Among the strays, before it is taken from where it was. Raise `BrokerUnavailableError`."""
        attributes = {
            name: {kind: value[kind] for kind in _VALUES if kind in value}
            for name, value in self._message.get("MessageAttributes", {}).items()
        }
        strays, body = self._queues.address.strays, self._message["Body"]
        await self._queues.ask("send_message", strays, MessageBody=body, MessageAttributes=attributes)
        _log.error("a message in %s is kept in %s: this release cannot read it", self._queue, strays)
        await self.ack()

    async def _ask(self, operation: str, **parameters: Any) -> None:
        await self._queues.ask(operation, self._queue, ReceiptHandle=self._message["ReceiptHandle"], **parameters)
