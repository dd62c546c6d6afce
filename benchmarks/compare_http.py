"""The same requests to several servers in turn, by wrk. Any refused or broken request fails the run.

Usage: compare_http.py --rounds N --seconds N --work FOLDER peer=PORT taruvi=PORT ceiling=PORT
"""

import argparse
import os
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from report import publish, spread, table, verdict

HERE: Final = Path(__file__).parent
HOSTS: Final = [*(f"t{number:03d}.bench.localhost" for number in range(1, 101)), "tpost.bench.localhost"]
CONNECTIONS: Final = 16
RESULT: Final = re.compile(r"^RESULT (\S+) (\S+) (\S+) (\d+) (\d+) (\d+)$", re.MULTILINE)


@dataclass(frozen=True)
class Request:
    """One kind of load: `script` in load/, what it is, and the targets against peer and ceiling."""

    script: str
    meaning: str
    peer: float = 0
    ceiling: float = 0


REQUESTS: Final = (
    Request("list", "list: 20 of 200 projects with their count", peer=5.5, ceiling=0.5),
    Request("detail", "detail: one project", peer=5.5),
    Request("post", "create: one project, with audit", peer=4.5),
    Request("rr", "list, 100 sites in turn", peer=5),
    Request("live", "liveness: no database, no token"),
)


@dataclass(frozen=True)
class Sample:
    rate: float
    p50: float
    p99: float


Samples = dict[tuple[str, str], list[Sample]]
Row = Callable[[Request], list[str]]


def measure(script: str, port: int, tokens: Path, seconds: int) -> Sample:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s", "--latency"]
    command += ["-s", str(HERE / "load" / f"{script}.lua"), f"http://127.0.0.1:{port}"]
    done = subprocess.run(
        command, env=os.environ | {"TOKENS": str(tokens)}, capture_output=True, text=True, check=False
    )
    found = RESULT.search(done.stdout)
    if found is None:
        sys.exit(f"wrk said nothing about {script} on port {port}:\n{done.stdout}{done.stderr}")
    rate, p50, p99 = map(float, found.groups()[:3])
    requests, refused, broken = map(int, found.groups()[3:])
    if refused or broken or not requests:
        sys.exit(
            f"{script} on port {port}: {refused} of {requests} requests refused, {broken} broken; this run is worthless"
        )
    return Sample(rate, p50, p99)


def log_in(label: str, port: int, work: Path) -> Path:
    file = work / f"{label}.tokens"
    command = [sys.executable, str(HERE / "load" / "tokens.py"), str(port), *HOSTS]
    with file.open("w", encoding="utf-8") as output:
        if subprocess.run(command, stdout=output, check=False).returncode:
            sys.exit(f"logging in on {label} failed")
    return file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("servers", nargs=3, metavar="LABEL=PORT")
    given = parser.parse_args()
    ports = {label: int(port) for label, _, port in (server.partition("=") for server in given.servers)}
    tokens = {label: log_in(label, ports[label], given.work) for label in ("peer", "taruvi")}
    tokens["ceiling"] = tokens["peer"]  # it serves the peer's data, by the peer's tokens, and has no login
    samples: Samples = defaultdict(list)
    for label, port in ports.items():
        measure("rr", port, tokens[label], 2)  # warm: every site's statements are prepared
    for round_ in range(1, given.rounds + 1):
        for request in REQUESTS:
            for label, port in ports.items():
                sample = measure(request.script, port, tokens[label], given.seconds)
                samples[request.script, label].append(sample)
                print(f"• {round_}/{given.rounds} {request.script} {label}: {sample.rate:.0f}/s", file=sys.stderr)
                time.sleep(1)
    publish(
        "http",
        "Requests",
        f"{given.rounds} rounds of {given.seconds} s, {CONNECTIONS} connections, two workers on each side; in each "
        "round the servers take turns within each kind of request. Median of the rounds' ratios (lowest to highest).",
        table(
            ["request", "÷ peer", "target", "÷ ceiling", "target", "ceiling ÷ peer"], map(_ratios(samples), REQUESTS)
        ),
        "## This machine, requests a second and milliseconds\n\n"
        + table(
            ["request", *(f"{label}: req/s, p50, p99" for label in ports)], map(_times(samples, list(ports)), REQUESTS)
        ),
        "No request was refused or broken.",
    )


def _ratios(samples: Samples) -> Row:
    def row(request: Request) -> list[str]:
        peer, ours, ceiling = (
            [sample.rate for sample in samples[request.script, label]] for label in ("peer", "taruvi", "ceiling")
        )
        to_peer = [a / b for a, b in zip(ours, peer, strict=True)]
        to_ceiling = [a / b for a, b in zip(ours, ceiling, strict=True)]
        return [
            request.meaning,
            spread(to_peer),
            verdict(median(to_peer), request.peer) if request.peer else "",
            spread(to_ceiling, 2),
            verdict(median(to_ceiling), request.ceiling) if request.ceiling else "",
            f"{median(a / b for a, b in zip(ceiling, peer, strict=True)):.1f}",
        ]

    return row


def _times(samples: Samples, labels: list[str]) -> Row:
    def row(request: Request) -> list[str]:
        cells = []
        for label in labels:
            of = samples[request.script, label]
            rate, p50, p99 = (median(getattr(s, name) for s in of) for name in ("rate", "p50", "p99"))
            cells.append(f"{rate:.0f}, {p50:.1f}, {p99:.1f}")
        return [request.meaning, *cells]

    return row


if __name__ == "__main__":
    main()
