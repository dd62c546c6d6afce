"""What a backup consists of, written beside it: what is brought back is compared with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

FORMAT: Final = 1
OF_SESSIONS: Final = frozenset({"sessions", "refresh_tokens", "password_resets"})
"""Who is signed in, and by which secrets: it does not come back with what was, nor into a copy."""
UNFINISHED: Final = frozenset({"uploads"})
"""Uploads under way are bound to one site and to requests that run out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSum:
    """How many rows a table has, and a sum over all of them that another content has not."""

    rows: int
    checksum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """The bytes of one file of the site."""

    upload_id: UUID
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`revision`, `tables` and `files` are of the same instant as the dump. Sums are SHA-256 in hexadecimal."""

    format: int
    site_id: UUID
    slug: str
    schema: str
    revision: str
    taken_at: datetime
    taruvi: str
    server: str
    pg_dump: str
    dump_size: int
    dump_sha256: str
    tables: Mapping[str, TableSum]
    files: Sequence[KeptFile]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    @property
    def file_bytes(self) -> int:
        return sum(file.size for file in self.files)
