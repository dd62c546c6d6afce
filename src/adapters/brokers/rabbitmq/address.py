"""Where a RabbitMQ is, `amqps://USER:PASSWORD@host/vhost`, and what its queues are called."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from domain.jobs.job import Queue


@dataclass(frozen=True, slots=True, kw_only=True)
class RabbitAddress:
    """Two deployments on one broker have another `prefix` each."""

    url: str = field(repr=False)
    prefix: str

    @property
    def strays(self) -> str:
        """Where messages are kept that this release cannot read."""
        return f"{self.prefix}.strays"

    def queue(self, queue: Queue) -> str:
        return f"{self.prefix}.{queue.value}"


def rabbit_problems(url: str) -> Iterator[str]:
    """What is wrong with it, in words that have nothing of its secret."""
    try:
        parts = urlsplit(url)
        given = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        _ = parts.port
    except ValueError:
        yield "is no address: are the user and the password percent-encoded?"
        return
    if not parts.hostname or parts.fragment:
        yield "must name a host, like amqps://user:password@rabbitmq.example.com/vhost"
    if "/" in parts.path[1:]:
        yield "the virtual host must be one name; a slash in it is written %2F"
    if dict(given).keys() - {"cafile", "capath", "cadata", "certfile", "keyfile"}:
        yield "has an unknown option; there are cafile, capath, cadata, certfile and keyfile"
