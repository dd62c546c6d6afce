"""What the tables have in common."""

import re
from dataclasses import dataclass
from typing import Final

PUBLIC: Final = (
    "GET /.well-known/jwks.json",
    "POST /api/auth/jwt/token",
    "POST /api/auth/jwt/refresh",
    "POST /api/auth/jwt/token/refresh",
    "POST /api/auth/jwt/verify",
    "POST /api/auth/jwt/token/verify",
    "POST /api/auth/jwt/blacklist",
    "POST /api/auth/jwt/token/blacklist",
    "POST /api/auth/password/reset",
    "POST /api/auth/password/reset/confirm",
    "GET /api/domains/check",
    "GET /health",
    "GET /health/live",
    "GET /health/ready",
)
"""In no table, because it makes no difference who asks: what the body proves counts, or the address for `check`."""


@dataclass(frozen=True, slots=True)
class Row:
    """An operation, by the things it is about, and the status for each kind of caller.

    `name` is `PATCH /api/organizations/{org}/ plan`: where it stands more than once, a word says with what body.
    """

    name: str
    statuses: dict[str, int]

    @property
    def method(self) -> str:
        return self.name.split()[0]

    @property
    def path(self) -> str:
        return self.name.split()[1]

    @property
    def operation(self) -> str:
        """As `shape` gives it."""
        return shape(f"{self.method} {self.path}")


@dataclass(frozen=True, slots=True)
class Table:
    """`callers`: what the short names in the head of `text` mean."""

    title: str
    callers: dict[str, str]
    text: str

    @property
    def rows(self) -> list[Row]:
        head, *lines = (line.split("|") for line in self.text.strip().splitlines())
        assert head[1].split() == list(self.callers)
        return [
            Row(" ".join(name.split()), dict(zip(self.callers, map(int, cells.split()), strict=True)))
            for name, cells in lines
        ]


def shape(operation: str) -> str:
    """The same for an operation of the document and for one of a table: without names, query and last slash."""
    return re.sub(r"\{\w+\}", "{}", operation.partition("?")[0]).removesuffix("/")
