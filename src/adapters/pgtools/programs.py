"""PostgreSQL's programs for dumps: where they are, and which of them fit a server."""

import asyncio
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from application.backups.schema_ports import DumpToolsError

_VERSION: Final = re.compile(r"\(PostgreSQL\) ((\d+)[\w.]*)")
_KNOWN: Final = frozenset(
    {"host", "port", "user", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "passfile"}
)
"""What of a URL the programs understand; asyncpg takes anything else for a setting of the session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """The folder of one release's programs."""

    folder: Path
    version: str
    major: int


async def newest_tools(folders: Sequence[Path]) -> Tools | None:
    """Of those that have both programs and run."""
    found = [tools for folder in folders if (tools := await _tools_in(folder)) is not None]
    return max(found, key=lambda tools: tools.major, default=None)


async def _tools_in(folder: Path) -> Tools | None:
    if not all(os.access(folder / name, os.X_OK) for name in ("pg_dump", "pg_restore")):
        return None
    try:
        asked = await asyncio.create_subprocess_exec(
            folder / "pg_dump", "--version", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
    except OSError:
        return None
    told = _VERSION.search((await asked.communicate())[0].decode(errors="replace"))
    return Tools(folder=folder, version=told[1], major=int(told[2])) if told else None


def require_fit(tools: Tools | None, server: str) -> Tools:
    """Raise `DumpToolsError` where it cannot dump a server of this version: an older program refuses to."""
    wanted = f"put the programs of PostgreSQL {_major(server)} or newer on PATH, or set TARUVI_PG_TOOLS to their folder"
    if tools is None:
        raise DumpToolsError(f"there is no pg_dump here: {wanted}")
    if tools.major < _major(server):
        raise DumpToolsError(f"pg_dump {tools.version} cannot dump a server of version {server}: {wanted}")
    return tools


def _major(server: str) -> int:
    return int(server.partition(".")[0])


@dataclass(frozen=True, slots=True)
class Connection:
    """How the programs reach the database: `url` has no password, which goes in the environment alone."""

    url: str
    environment: dict[str, str]


def connection_of(url: str) -> Connection:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    password = unquote(parts.password) if parts.password else options.get("password", "")
    user, _, _ = parts.netloc.rpartition("@")[0].partition(":")
    host = parts.netloc.rpartition("@")[2]
    query = urlencode({name: value for name, value in options.items() if name in _KNOWN})
    bare = parts._replace(scheme="postgresql", netloc=f"{user}@{host}" if user else host, query=query).geturl()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return Connection(
        bare,
        kept
        | {"LC_ALL": "C", "PGCONNECT_TIMEOUT": "10", "PGAPPNAME": "taruvi backup"}
        | ({"PGPASSWORD": password} if password else {}),
    )
