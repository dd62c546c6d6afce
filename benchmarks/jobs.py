"""Jobs through each broker, with one real worker process: how many a second, how soon one starts, and how fair it is.

Usage: jobs.py --rounds N --jobs N --waiting N     on TARUVI_DATABASE_URL, with the sites s001 … of seed.py
RabbitMQ is TARUVI_BENCH_RABBITMQ_URL (amqp://guest:guest@127.0.0.1:5672/); SQS is moto's server, started here.
"""

import argparse
import asyncio
import os
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

import aio_pika
import asyncpg
from dishka import AsyncContainer
from idle_jobs import ask, asking
from jobs_report import FIRST, Sample, report

from adapters.brokers.rabbitmq.address import RabbitAddress
from adapters.postgres.pool import open_pool
from domain.jobs.job import Queue
from entrypoints.environment import load_settings

HERE: Final = Path(__file__).parent
SITES: Final = 20
ONE_BY_ONE: Final = 100
NEIGHBOURS: Final = 20
REST: Final = 0.05
"""Seconds that each of the waiting jobs of the busy site takes."""
SQS_SHARE: Final = 10
"""moto answers one request at a time: fewer jobs say as much."""
RABBITMQ: Final = os.environ.get("TARUVI_BENCH_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672/")


@dataclass(frozen=True, slots=True)
class Bench:
    app: AsyncContainer
    pool: asyncpg.Pool

    async def rate(self, url: str, jobs: int) -> float:
        """All are asked for before a worker starts; from the first start to the last end."""
        for site in range(SITES):
            await ask(self.app, f"s{site + 1:03d}", jobs // SITES)
        async with worker(url):
            while await self.pool.fetchval("select exists (select from public.jobs where status <> 'succeeded')"):  # noqa: ASYNC110  another process's work
                await asyncio.sleep(0.1)
        return jobs / await self._seconds("max(finished_at) - min(started_at) from public.jobs")

    async def starts(self, site: str, count: int) -> list[float]:
        """Milliseconds of each, one after the other, from being added in a transaction to being started."""
        theirs = "from public.jobs where site_id = (select id from public.sites where slug = $1)"
        found = []
        for _ in range(count):
            await self.pool.execute(f"delete {theirs}", site)
            await ask(self.app, site, 1)
            while not await self.pool.fetchval(f"select bool_and(status = 'succeeded') {theirs}", site):  # noqa: ASYNC110  the same
                await asyncio.sleep(0.01)
            found.append(await self._seconds(f"max(started_at - created_at) {theirs}", site) * 1000)
        return found

    async def waits(self) -> bool:
        """Whether anything still does."""
        query = "select exists (select from public.jobs where status in ('pending', 'queued'))"
        return bool(await self.pool.fetchval(query))

    async def clear(self) -> None:
        await self.pool.execute("delete from public.jobs")
        await self.pool.execute("vacuum analyze public.jobs")

    async def _seconds(self, interval: str, *args: object) -> float:
        of, _, rest = interval.partition(" from ")
        return float(await self.pool.fetchval(f"select extract(epoch from {of}) from {rest}", *args))


@asynccontextmanager
async def worker(url: str) -> AsyncIterator[None]:
    variables = {
        "TARUVI_BROKER_URL": url,
        "TARUVI_BROKER_PREFIX": f"bench-{uuid4().hex[:8]}",
    }
    command = [sys.executable, str(HERE / "idle_jobs.py")]
    with subprocess.Popen(command, env=os.environ | variables, stdout=subprocess.DEVNULL) as process:  # noqa: ASYNC220  at once
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)
    if url.startswith("amqp"):
        await remove_queues(url, variables["TARUVI_BROKER_PREFIX"])


async def remove_queues(url: str, prefix: str) -> None:
    address = RabbitAddress(url=url, prefix=prefix)
    async with await aio_pika.connect(url) as connection, connection.channel() as channel:
        for name in (*map(address.queue, Queue), address.strays):
            await channel.queue_delete(name)


async def sampled(bench: Bench, url: str, jobs: int, waiting: int) -> Sample:
    await bench.clear()
    rate = await bench.rate(url, jobs)
    await bench.clear()
    async with worker(url):
        await bench.starts("s001", 5)  # warm
        alone = await bench.starts("s001", ONE_BY_ONE)
        await ask(bench.app, "s002", waiting, REST)
        beside = await bench.starts("s003", NEIGHBOURS)
        if not await bench.waits():
            sys.exit("the busy site was done before its neighbour: ask for more with --waiting")
        await bench.clear()
    return Sample(rate, alone, beside)


@contextmanager
def moto() -> Iterator[str]:
    """An SQS on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield f"sqs://bench:bench@eu-central-1?endpoint=http://127.0.0.1:{port}"
        process.terminate()


def answers(url: str) -> bool:
    parts = urlsplit(url)
    with suppress(OSError), socket.create_connection((parts.hostname, parts.port or 5672), timeout=1):
        return True
    return False


async def measured(brokers: dict[str, str], given: argparse.Namespace) -> dict[str, list[Sample]]:
    settings, samples = load_settings(), defaultdict[str, list[Sample]](list)
    app = asking(settings)
    bench = Bench(app, await open_pool(settings.database_url, size=2, statements=50, name="bench"))
    for round_ in range(1, given.rounds + 1):
        for name, url in brokers.items() if round_ % 2 else reversed(brokers.items()):
            share = SQS_SHARE if name == "sqs (moto)" else 1
            samples[name].append(await sampled(bench, url, given.jobs // share, given.waiting))
            print(f"• {round_}/{given.rounds} {name}: {samples[name][-1].rate:.0f} jobs/s", file=sys.stderr)
    await bench.pool.close()
    await app.close()
    return samples


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=4000)
    parser.add_argument("--waiting", type=int, default=10_000)
    given = parser.parse_args()
    with moto() as sqs:
        brokers = {FIRST: "", "rabbitmq": RABBITMQ, "sqs (moto)": sqs, "memory": "memory://"}
        left_out = [] if answers(RABBITMQ) else [brokers.pop("rabbitmq") and "rabbitmq"]
        samples = asyncio.run(measured(brokers, given))
    report(samples, given, left_out)


if __name__ == "__main__":
    main()
