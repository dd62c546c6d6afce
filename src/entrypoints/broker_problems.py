"""What can be wrong with the settings for the broker of jobs."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from adapters.brokers.rabbitmq.address import rabbit_problems
from adapters.brokers.sqs.address import sqs_problems

_URL: Final = "TARUVI_BROKER_URL"
_PREFIX: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_SCHEMES: Final = ("postgresql://", "amqps://", "amqp://", "sqs://", "memory://")


def broker_problems(url: str, prefix: str, database_url: str) -> Iterator[str]:
    """Never with the address itself: it may have a secret."""
    if not _PREFIX.fullmatch(prefix):
        yield "TARUVI_BROKER_PREFIX: must be at most 40 letters, digits, - and _, and begin with none of these two"
    match broker_scheme(url):
        case "postgresql":
            if url not in ("", "postgresql://", database_url):
                yield f"{_URL}: jobs are rows of TARUVI_DATABASE_URL: say postgresql:// alone, or nothing"
        case "amqp" | "amqps":
            yield from (f"{_URL}: {problem}" for problem in rabbit_problems(url))
        case "sqs":
            yield from (f"{_URL}: {problem}" for problem in sqs_problems(url))
        case "memory":
            if url != "memory://":
                yield f"{_URL}: nothing may follow memory://"
        case _:
            yield f"{_URL}: must begin with one of {', '.join(_SCHEMES)}"


def broker_problems_in_production(url: str) -> Iterator[str]:
    match broker_scheme(url):
        case "memory":
            yield f"{_URL}: memory:// is for tests"
        case "amqp" | "amqps" if not list(rabbit_problems(url)) and not urlsplit(url).password:
            yield f"{_URL}: needs a user and a password"
        case "sqs" if not list(sqs_problems(url)):
            if dict(parse_qsl(urlsplit(url).query)).get("endpoint", "").startswith("http:"):
                yield f"{_URL}: the endpoint must be https://"


def broker_scheme(url: str) -> str:
    """Which broker it is; empty for an address that is none."""
    if not url:
        return "postgresql"
    with suppress(ValueError):
        scheme = urlsplit(url).scheme
        return "postgresql" if scheme == "postgres" else scheme
    return ""
