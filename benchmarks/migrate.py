"""One nullable column over all sites.

Usage: migrate.py inside                          migrate TARUVI_DATABASE_URL; seconds once everything is imported
       migrate.py report --sites N --work FOLDER
"""

import argparse
import asyncio
import time
from collections import defaultdict
from pathlib import Path
from statistics import median

from report import publish, spread, table, verdict

from adapters.postgres.fleet import Fleet
from adapters.postgres.migrations import PLATFORM_HISTORY, TENANT_HISTORY
from adapters.postgres.pool import open_pool
from entrypoints.cli.migrate import run_migrations
from entrypoints.cli.trail import operator_label, operator_trail
from entrypoints.environment import load_settings

CONNECTIONS = 4
LABELS = ("peer", "peer-start", "taruvi", "taruvi-nothing", "taruvi-help", "inside")


async def inside() -> None:
    """What `taruvi migrate` does, from opening its connections to the last site."""
    started = time.perf_counter()
    pool = await open_pool(load_settings().database_url, size=CONNECTIONS, statements=100, name="taruvi migrate")
    try:
        fleet = Fleet(pool, PLATFORM_HISTORY, TENANT_HISTORY, operator_trail(operator_label()))
        await run_migrations(fleet, connections=CONNECTIONS)
    finally:
        await pool.close()
    print("inside", time.perf_counter() - started)


def report(sites: int, work: Path) -> None:
    times: dict[str, list[float]] = defaultdict(list)
    for line in (work / "times").read_text(encoding="utf-8").splitlines():
        label, _, seconds = line.rpartition(" ")
        if label in LABELS:
            times[label].append(float(seconds))
    whole = [a / b for a, b in zip(times["peer"], times["taruvi"], strict=True)]
    peer_inside = [a - b for a, b in zip(times["peer"], times["peer-start"], strict=True)]
    within = [a / b for a, b in zip(peer_inside, times["inside"], strict=True)]
    rows = [
        ["the peer: `migrate_schemas`, two processes", *_times(times["peer"], sites), "1", ""],
        ["the peer, less the start of its process", *_times(peer_inside, sites), "", ""],
        ["ours: `taruvi migrate`, the whole command", *_times(times["taruvi"], sites), spread(whole), ""],
        [
            "ours, inside: from connecting to the last site",
            *_times(times["inside"], sites),
            spread(within),
            verdict(median(within), 20),
        ],
    ]
    publish(
        "migrate",
        f"One nullable column over {sites} sites",
        f"{len(times['peer'])} rounds on fresh copies of the same databases: median (lowest to highest). "
        "The whole command is wall time as the shell sees it: interpreter, imports and rendering the SQL included.",
        table(["what", "seconds", "ms a site", "peer ÷ ours", "target (per site)"], rows),
        f"`taruvi migrate` with nothing to do takes {median(times['taruvi-nothing']):.2f} s here, `taruvi --help` "
        f"{median(times['taruvi-help']):.2f} s: the start of a Python process, whatever the number of sites.",
    )


def _times(seconds: list[float], sites: int) -> tuple[str, str]:
    return f"{median(seconds):.2f}", f"{median(seconds) / sites * 1000:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("inside")
    reporting = commands.add_parser("report")
    reporting.add_argument("--sites", type=int, required=True)
    reporting.add_argument("--work", type=Path, required=True)
    given = parser.parse_args()
    if given.command == "inside":
        asyncio.run(inside())
    else:
        report(given.sites, given.work)


if __name__ == "__main__":
    main()
