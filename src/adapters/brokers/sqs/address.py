"""Where the queues of Amazon SQS are: `sqs://KEY:SECRET@eu-central-1?endpoint=https://…`, and what they are called."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from domain.jobs.job import Queue

_REGION: Final = re.compile(r"[a-z]{2}[a-z0-9-]{1,48}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SqsAddress:
    """`key_id` and `secret` are empty where Amazon's own chain finds credentials; `endpoint` where it is Amazon's.

    A message that was received and is not acknowledged comes again after `visibility_seconds`; an empty queue is
    listened to for `wait_seconds` in one request.
    """

    region: str
    key_id: str = field(repr=False)
    secret: str = field(repr=False)
    endpoint: str
    prefix: str
    visibility_seconds: int
    wait_seconds: int

    @property
    def is_local(self) -> bool:
        """Reached on this machine, so by no proxy."""
        return urlsplit(self.endpoint).hostname in ("127.0.0.1", "::1", "localhost")

    @property
    def strays(self) -> str:
        """Where messages are kept that this release cannot read."""
        return f"{self.prefix}-strays"

    def queue(self, queue: Queue) -> str:
        return f"{self.prefix}-{queue.value}"


def read_sqs_address(url: str, *, prefix: str, visibility_seconds: int, wait_seconds: int) -> SqsAddress:
    """Raise `ValueError` with everything that is wrong; never with the address itself, which has a secret."""
    if problems := list(sqs_problems(url)):
        raise ValueError("; ".join(problems))
    parts = urlsplit(url)
    return SqsAddress(
        region=parts.hostname or "",
        key_id=unquote(parts.username or ""),
        secret=unquote(parts.password or ""),
        endpoint=dict(parse_qsl(parts.query)).get("endpoint", "").rstrip("/"),
        prefix=prefix,
        visibility_seconds=visibility_seconds,
        wait_seconds=wait_seconds,
    )


def sqs_problems(url: str) -> Iterator[str]:
    """What is wrong with it, in words that have nothing of its secret."""
    try:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        port = parts.port
    except ValueError:
        yield "is no address: are the key and the secret percent-encoded?"
        return
    if not _REGION.fullmatch(parts.hostname or "") or port or parts.path.strip("/") or parts.fragment:
        yield "must name a region, like sqs://eu-central-1, and nothing but options after it"
    if bool(parts.username) != bool(parts.password):
        yield "has only one of key and secret"
    if options.keys() - {"endpoint"}:
        yield "has an unknown option; there is endpoint"
    if "endpoint" in options and not _is_endpoint(options["endpoint"]):
        yield "endpoint must be scheme, host and port alone, like https://sqs.example.com"


def _is_endpoint(endpoint: str) -> bool:
    try:
        parts = urlsplit(endpoint)
        sound = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return sound and not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
