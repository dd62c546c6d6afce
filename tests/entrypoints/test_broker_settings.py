"""Which addresses of a broker are refused, in which words; and which broker an address leads to."""

import asyncpg
import pytest

from adapters.brokers.rabbitmq.transport import RabbitTransport
from adapters.brokers.sqs.transport import SqsTransport
from adapters.memory.transport import MemoryTransport
from adapters.postgres.jobs.transport import PostgresTransport
from application.jobs.transport import Transport
from entrypoints.environment import SettingsError, load_settings
from entrypoints.stores.broker import open_transport
from tests.world import World

SECRET = "hidden-8471"
IN_PRODUCTION = {"TARUVI_ENVIRONMENT": "production", "TARUVI_DATABASE_URL": "postgresql://u:pw-of-ours@db/taruvi"}


def problems(url: str, **environ: str) -> list[str]:
    try:
        load_settings({"TARUVI_BROKER_URL": url} | environ)
    except SettingsError as error:
        told = error.problems
    else:
        return []
    assert SECRET not in "".join(told)
    return [one for one in told if "BROKER" in one]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "postgresql://",
        "amqp://rabbit",
        f"amqps://user:{SECRET}@rabbit:5671/jobs?cafile=/ca.pem",
        f"amqp://user:{SECRET}@rabbit/%2Fjobs",
        "sqs://eu-central-1",
        f"sqs://KEY:{SECRET}@us-east-1?endpoint=https://sqs.example.com:4566",
        "memory://",
    ],
)
def test_takes_what_leads_to_a_broker(url: str) -> None:
    assert problems(url) == []


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        (f"redis://:{SECRET}@cache", "must begin with one of postgresql://, amqps://"),
        (SECRET, "must begin with one of"),
        (f"postgresql://u:{SECRET}@another/db", "say postgresql:// alone"),
        ("amqp://", "must name a host"),
        (f"amqp://u:{SECRET}@rabbit/a/b", "must be one name"),
        (f"amqp://u:{SECRET}@rabbit:x", "is no address"),
        (f"amqp://u:{SECRET}@rabbit/?no_verify_ssl=1", "unknown option"),
        ("sqs://", "must name a region"),
        ("sqs://EU", "must name a region"),
        ("sqs://eu-central-1/queue", "must name a region"),
        ("sqs://KEY@eu-central-1", "only one of key and secret"),
        (f"sqs://K:{SECRET}@eu-central-1?prefix=x", "unknown option"),
        (f"sqs://K:{SECRET}@eu-central-1?endpoint=sqs", "endpoint must be"),
        ("memory://here", "nothing may follow"),
    ],
)
def test_says_what_is_wrong_and_no_secret(url: str, problem: str) -> None:
    (told,) = problems(url)
    assert told.startswith("TARUVI_BROKER_URL: ")
    assert problem in told


def test_the_address_of_the_database_is_that_of_the_rows() -> None:
    assert problems(IN_PRODUCTION["TARUVI_DATABASE_URL"], **IN_PRODUCTION) == []


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", []),
        (f"amqps://user:{SECRET}@rabbit", []),
        ("sqs://eu-central-1", []),
        ("memory://", ["TARUVI_BROKER_URL: memory:// is for tests"]),
        ("amqp://guest:guest@rabbit", ["TARUVI_BROKER_URL: the password is a default one"]),
        ("amqp://rabbit", ["TARUVI_BROKER_URL: needs a user and a password"]),
        ("sqs://eu-central-1?endpoint=http%3A//sqs.lan", ["TARUVI_BROKER_URL: the endpoint must be https://"]),
    ],
)
def test_production_is_stricter(url: str, told: list[str]) -> None:
    assert problems(url, **IN_PRODUCTION) == told


@pytest.mark.parametrize("prefix", ["-x", "a.b", "x" * 41, "a b", "ü"])
def test_a_prefix_is_the_beginning_of_a_name_on_every_broker(prefix: str) -> None:
    (told,) = problems("", TARUVI_BROKER_PREFIX=prefix)
    assert "TARUVI_BROKER_PREFIX" in told


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("", PostgresTransport),
        ("postgresql://", PostgresTransport),
        ("amqp://nobody.invalid", RabbitTransport),
        ("sqs://K:S@eu-central-1?endpoint=http://127.0.0.1:9", SqsTransport),
        ("memory://", MemoryTransport),
    ],
)
async def test_an_address_leads_to_its_broker_and_asks_nothing_of_it_yet(
    postgres: World, url: str, kind: type[Transport]
) -> None:

    settings = load_settings({"TARUVI_BROKER_URL": url, "TARUVI_DATABASE_URL": postgres.settings.database_url})
    pool = await postgres.container.get(asyncpg.Pool)
    async with open_transport(settings, pool) as transport:
        assert isinstance(transport, kind)
