"""A new site through the API: POST /api/sites/, then a request to its host that is served.

Usage: provision.py measure --port PORT --sites N        milliseconds of each on standard output
       provision.py report --work FOLDER --peer-tables N
"""

import argparse
import json
import re
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

from report import publish, table, verdict

from adapters.postgres.migrations import TENANT_HISTORY

PLATFORM: Final = "bench.localhost"
CREATED: Final = 201
UNSIGNED: Final = 401
"""What a site says to a request without a token; an unknown host says 404."""


class Client:
    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = {"Content-Type": "application/json"}
        login = {"username": "bench", "password": "bench-password-1"}
        token = self.ask("POST", PLATFORM, "/api/auth/jwt/token/", 200, login)["access"]
        self._headers["Authorization"] = f"Bearer {token}"

    def ask(self, method: str, host: str, path: str, expected: int, body: Any = None) -> Any:
        headers = self._headers | {"Host": host}
        if host != PLATFORM:
            headers.pop("Authorization")
        self._connection.request(method, path, json.dumps(body) if body else None, headers)
        response = self._connection.getresponse()
        text = response.read()
        if response.status != expected:
            sys.exit(f"{method} {host}{path} answered {response.status} instead of {expected}: {text[:300]!r}")
        return json.loads(text)


def measure(port: int, sites: int) -> None:
    client = Client(port)
    for number in range(sites + 2):
        slug = f"n{number:03d}"
        site = {"organization": "bench", "name": slug.upper(), "slug": slug}
        started = time.perf_counter()
        client.ask("POST", PLATFORM, "/api/sites/", CREATED, site)
        created = time.perf_counter()
        client.ask("GET", f"{slug}.{PLATFORM}", "/api/projects/", UNSIGNED)
        served = time.perf_counter()
        if number < 2:  # a worker renders the script at its first site, once in its life
            print(f"• the first sites: {(served - started) * 1000:.0f} ms (not counted)", file=sys.stderr)
        else:
            print((created - started) * 1000, (served - started) * 1000)


def report(work: Path, peer_tables: int) -> None:
    peer_text = (work / "peer.txt").read_text(encoding="utf-8")
    found = re.search(r"median=([\d.]+)s", peer_text)
    if found is None:
        sys.exit(f"the peer said nothing: {peer_text}")
    peer = float(found[1]) * 1000
    served = {
        name: _served(work / f"{name}.txt") for name in ("embedded", "embedded-larger", "cluster", "cluster-larger")
    }
    ours, larger = (int((work / f"{name}.tables").read_text()) for name in ("cluster", "cluster-larger"))
    as_it_is, synthetic = f"as it is ({ours} tables)", f"with synthetic tables ({larger} in all)"
    rows = [
        [
            "embedded",
            as_it_is,
            *_times(served["embedded"]),
            _ratio(peer, served["embedded"]),
            "median < 100 ms " + ("✓" if median(served["embedded"]) < 100 else "✗"),
        ],
        ["the peer's", as_it_is, *_times(served["cluster"]), _ratio(peer, served["cluster"]), ""],
        [
            "embedded",
            synthetic,
            *_times(served["embedded-larger"]),
            _ratio(peer, served["embedded-larger"]),
            verdict(peer / median(served["embedded-larger"]), 4),
        ],
        ["the peer's", synthetic, *_times(served["cluster-larger"]), _ratio(peer, served["cluster-larger"]), ""],
        ["the peer's", f"the peer: Django's site creation ({peer_tables} tables)", f"{peer:.0f}", "", "1", ""],
    ]
    publish(
        "provision",
        "A new site",
        f"{len(served['embedded'])} sites on each side, one after the other. Ours: from sending `POST /api/sites/` to "
        "the answer of the new site's own host, over HTTP, two workers. The peer: saving its site and domain in one "
        "process that is already running, without HTTP.",
        table(["PostgreSQL", "what", "median ms", "p95 ms", "peer ÷ ours", "target"], rows),
        "Tables are counted in the catalog, bookkeeping of the migrations included. The synthetic tables (each a "
        f"primary key, two indexes and the audit trigger) make a site {larger / peer_tables:.1f} times the peer's: "
        "a stand-in for features that are still to come, replayed by the same code as the real ones (tenant history at "
        f"{TENANT_HISTORY.head} and one migration after it).",
    )


def _served(file: Path) -> list[float]:
    return [float(line.split()[1]) for line in file.read_text(encoding="utf-8").splitlines()]


def _times(values: list[float]) -> tuple[str, str]:
    return f"{median(values):.0f}", f"{quantiles(values, n=20)[-1]:.0f}"


def _ratio(peer: float, values: list[float]) -> str:
    return f"**{peer / median(values):.1f}**"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    measuring = commands.add_parser("measure")
    measuring.add_argument("--port", type=int, required=True)
    measuring.add_argument("--sites", type=int, required=True)
    reporting = commands.add_parser("report")
    reporting.add_argument("--work", type=Path, required=True)
    reporting.add_argument("--peer-tables", type=int, required=True)
    given = parser.parse_args()
    if given.command == "measure":
        measure(given.port, given.sites)
    else:
        report(given.work, given.peer_tables)


if __name__ == "__main__":
    main()
