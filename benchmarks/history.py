"""What the history costs a create: the same requests to one server, with the audit trigger of the table and without.

Usage: history.py --rounds N --seconds N --work FOLDER --port PORT
on TARUVI_DATABASE_URL, with the site tpost of seed.py.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Final

import asyncpg
from compare_http import CONNECTIONS, HERE, Sample, measure
from report import publish, spread, table, verdict

HOST: Final = "tpost.bench.localhost"
TARGET: Final = 0.75
WAYS: Final = {"with": "enable", "without": "disable"}


async def turn(way: str) -> int:
    """Turn the trigger on or off; how many entries there are."""
    connection = await asyncpg.connect(os.environ["TARUVI_DATABASE_URL"])
    try:
        await connection.execute(f"alter table tpost.projects {WAYS[way]} trigger audit")
        return int(await connection.fetchval("select count(*) from tpost.history where table_name = 'projects'"))
    finally:
        await connection.close()


def sampled(way: str, port: int, tokens: Path, seconds: int) -> Sample:
    before = asyncio.run(turn(way))
    sample = measure("post", port, tokens, seconds)
    if (asyncio.run(turn(way)) > before) != (way == "with"):
        sys.exit(f"{way} the trigger: the history does not look like it; this run is worthless")
    return sample


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    given = parser.parse_args()
    tokens = given.work / "history.tokens"
    with tokens.open("w", encoding="utf-8") as output:
        subprocess.run(
            [sys.executable, str(HERE / "load" / "tokens.py"), str(given.port), HOST], stdout=output, check=True
        )
    measure("post", given.port, tokens, 2)  # warm
    samples: dict[str, list[Sample]] = {way: [] for way in WAYS}
    for round_ in range(1, given.rounds + 1):
        for way in WAYS if round_ % 2 else reversed(WAYS):
            samples[way].append(sampled(way, given.port, tokens, given.seconds))
            print(f"• {round_}/{given.rounds} {way}: {samples[way][-1].rate:.0f}/s", file=sys.stderr)
            time.sleep(1)
    ratios = [one.rate / other.rate for one, other in zip(samples["with"], samples["without"], strict=True)]
    publish(
        "history",
        "What the history costs",
        f"{given.rounds} rounds of {given.seconds} s, {CONNECTIONS} connections, two workers; one server and one "
        "table, whose audit trigger is turned on and off in turn. Median of the rounds' ratios (lowest to highest).",
        table(
            ["request", "with ÷ without", "target"],
            [["create: one project", spread(ratios, 2), verdict(median(ratios), TARGET)]],
        ),
        "## This machine, requests a second and milliseconds\n\n"
        + table(["history", "req/s", "p50", "p99"], [_times(way, of) for way, of in samples.items()]),
        "No request was refused or broken.",
    )


def _times(way: str, of: list[Sample]) -> list[str]:
    rate, p50, p99 = (median(getattr(one, name) for one in of) for name in ("rate", "p50", "p99"))
    return [way, f"{rate:.0f}", f"{p50:.1f}", f"{p99:.1f}"]


if __name__ == "__main__":
    main()
