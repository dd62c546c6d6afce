from collections.abc import Mapping
from datetime import date
from typing import Protocol

from domain.tenancy.site import SiteId


class UsageLedger(Protocol):
    """What the site in whose name this runs takes, day by day."""

    async def measure(self, day: date) -> None:
        """Write down what it has now, as of that day: rows, bytes, files. Safe to repeat: the last of a day counts."""
        ...

    async def count_jobs(self, day: date) -> None:
        """Write down how many jobs were asked for on that day, in UTC. Safe to repeat."""
        ...


class RequestCounts(Protocol):
    """The requests of all sites, day by day."""

    async def add(self, counts: Mapping[tuple[SiteId, date], int]) -> None:
        """To what has been counted, all or nothing, in a transaction of its own."""
        ...
