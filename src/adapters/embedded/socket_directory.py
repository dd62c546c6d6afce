"""Where the server's unix socket lies."""

import hashlib
import os
import re
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from adapters.embedded.errors import EmbeddedPostgresError

# The kernel allows 103 bytes on macOS and 107 on Linux, of which "/.s.PGSQL.5432" takes 14.
_MAX_BYTES = 88
# Passes unquoted through a URL, a shell, and the lists of hosts of libpq, asyncpg, the server.
_PLAIN = re.compile(r"[A-Za-z0-9_./~-]+")


def socket_directory(data: Path, *, uid: int) -> Path:
    """`data` itself, or a private folder, the same each time, where that makes no usable path."""
    if _usable(data):
        return data
    name = f"taruvi-{uid}-{hashlib.sha256(os.fsencode(data)).hexdigest()[:16]}"
    own = Path(tempfile.gettempdir(), name)
    # S108: a private folder is made in /tmp, and refused if anybody else made it first.
    return _private(own if _usable(own) else Path("/tmp", name), uid=uid)  # noqa: S108


def _usable(folder: Path) -> bool:
    return len(os.fsencode(folder)) <= _MAX_BYTES and _PLAIN.fullmatch(str(folder)) is not None


def _private(folder: Path, *, uid: int) -> Path:
    with suppress(FileExistsError):
        folder.mkdir(mode=stat.S_IRWXU)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {uid, os.geteuid()}:
        raise EmbeddedPostgresError(
            f"{folder}, where the database's socket goes because the path of the home is long or "
            "has special characters, belongs to somebody else. Remove it, or choose a shorter home."
        )
    if status.st_uid != uid:
        os.chown(folder, uid, -1)
    if stat.S_IMODE(status.st_mode) != stat.S_IRWXU:
        folder.chmod(stat.S_IRWXU)
    return folder
