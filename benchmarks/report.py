"""Tables in Markdown, on the screen and in results/, with what one has to know to read them."""

import os
import platform
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

RESULTS = Path(__file__).parent / "results"
OURS = ("litestar", "granian", "asyncpg", "msgspec", "sqlalchemy")
QUIET = 0.5


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def spread(values: Sequence[float], digits: int = 1) -> str:
    """Median and range."""
    return f"**{median(values):.{digits}f}** ({min(values):.{digits}f} to {max(values):.{digits}f})"


def verdict(value: float, target: float) -> str:
    return f"≥ {target:g} {'✓' if value >= target else '✗'}"


def publish(name: str, title: str, *parts: str) -> None:
    """Print the report and write it to results/<name>.md."""
    text = "\n\n".join([f"# {title}", _conditions(), *parts]) + "\n"
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)


def _conditions() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{package} {version(package)}" for package in OURS)
    load = float(os.environ.get("LOAD_BEFORE", "0"))
    busy = "" if load < QUIET else " (the machine was NOT quiet: a smoke test, not a measurement)"
    server = os.environ.get("POSTGRES_VERSION", "PostgreSQL").replace("postgres (PostgreSQL)", "PostgreSQL")
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}, {server}; {packages}; load before the run {load}{busy}.\n\n"
        "Ratios are from one run, side by side; times and rates are this machine's and mean nothing elsewhere."
    )
