"""Who the server runs as: PostgreSQL refuses to run as root."""

import os
import pwd
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

from adapters.embedded.errors import EmbeddedPostgresError

_SYSTEM_USER = "pgserver"


def server_user(*, home: Path, data: Path) -> pwd.struct_passwd | None:
    """The user to change to before running the server, or None to stay who we are.

    Root serves a cluster as the user it belongs to, and makes one as the owner of the home or,
    where that is root too, as a system user of its own.
    """
    if os.geteuid() != 0:
        _refuse_another_owner(data)
        return None
    version = data / "PG_VERSION"
    cluster_owner = version.stat().st_uid if version.exists() else None
    if cluster_owner == 0:
        raise EmbeddedPostgresError(
            f"{data} belongs to root, and PostgreSQL refuses to run as root. "
            f"Give it to another user: chown -R {_system_user().pw_name} {data}"
        )
    return _known(cluster_owner) or _known(home.stat().st_uid) or _system_user()


def _refuse_another_owner(data: Path) -> None:
    owner = data.stat().st_uid if data.exists() else os.geteuid()
    if owner != os.geteuid():
        entry = _known(owner)
        name = entry.pw_name if entry else str(owner)
        raise EmbeddedPostgresError(
            f"{data} belongs to the user {name}. Run this as that user, or choose another folder."
        )


def let_through(folder: Path, user: pwd.struct_passwd, *, report: Callable[[str], None]) -> None:
    """Let `user` pass (not read) `folder` and the folders above it."""
    for step in (folder, *folder.parents):
        status = step.stat()
        if status.st_uid == user.pw_uid:
            needed = stat.S_IXUSR
        elif status.st_gid == user.pw_gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not status.st_mode & needed:
            report(f"letting the user {user.pw_name} pass through {step}")
            step.chmod(stat.S_IMODE(status.st_mode) | needed)


def _known(uid: int | None) -> pwd.struct_passwd | None:
    """Root does not count, nor does a uid without an entry: initdb refuses it."""
    if not uid:
        return None
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        return None


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(_SYSTEM_USER)
    except KeyError:
        cause = _add_system_user()
    try:
        return pwd.getpwnam(_SYSTEM_USER)
    except KeyError:
        raise EmbeddedPostgresError(
            "PostgreSQL refuses to run as root, and a system user for it could not be made: "
            f"{cause}. Run this as an ordinary user, or make the user {_SYSTEM_USER} yourself."
        ) from None


def _add_system_user() -> str:
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/bin/false"]
    try:
        # S603, S607: constant words; useradd lies in different folders on different systems.
        done = subprocess.run(  # noqa: S603
            [*command, _SYSTEM_USER], check=False, capture_output=True, text=True
        )
    except OSError as error:
        return str(error)
    return done.stderr.strip()
