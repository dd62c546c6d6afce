"""The data directory: made whole or not at all, recognised, and never lost."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from adapters.embedded.errors import EmbeddedPostgresError
from adapters.embedded.programs import MAJOR_VERSION, Programs

_INITDB_SECONDS = 120
# The sort order is PostgreSQL's own, the same on every system; character classes are the system's
# where it has C.UTF-8 (full-text search uses them), else those of ASCII.
_LOCALES = ("C.UTF-8", "C")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """The data directory `data`. Use it while holding the lock of its home."""

    data: Path
    programs: Programs
    report: Callable[[str], None]

    def ensure(self, *, lock: int) -> None:
        """Have a complete cluster of our version. `lock` stays held until initdb is gone."""
        self._throw_away_draft()
        if self._is_complete():
            self._check_version()
            return
        if os.path.lexists(self.data):
            self._move_aside()
        self.report("creating the database cluster")
        try:
            self._draft_cluster(lock)
            self._draft.rename(self.data)
            _sync(self.data.parent)
        finally:
            self._throw_away_draft()

    @property
    def _draft(self) -> Path:
        return self.data.with_name(f"{self.data.name}.new")

    def _throw_away_draft(self) -> None:
        """Nothing was ever stored in a draft: the server runs only on `data`."""
        if self._draft.exists():
            shutil.rmtree(self._draft)

    def _is_complete(self) -> bool:
        marks = (self.data / "PG_VERSION", self.data / "global" / "pg_control")
        return all(mark.is_file() and mark.stat().st_size for mark in marks)

    def _check_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != str(MAJOR_VERSION):
            raise EmbeddedPostgresError(
                f"{self.data} was made by PostgreSQL {found}; this is PostgreSQL {MAJOR_VERSION}. "
                f"To keep its data, dump it with PostgreSQL {found} and restore it here (or run "
                "pg_upgrade); to start empty, move the folder away."
            )

    def _move_aside(self) -> None:
        if self.data.is_dir() and not any(self.data.iterdir()):
            self.data.rmdir()
            return
        names = (self.data.with_name(f"{self.data.name}.broken-{n}") for n in count(1))
        aside = next(name for name in names if not os.path.lexists(name))
        self.data.rename(aside)
        self.report(f"{self.data} was no complete cluster: moved it to {aside}")

    def _draft_cluster(self, lock: int) -> None:
        self._draft.mkdir(mode=0o700)
        if user := self.programs.user:
            os.chown(self._draft, user.pw_uid, user.pw_gid)
        for locale in _LOCALES:
            done = self.programs.run_as_server(
                *("initdb", f"--pgdata={self._draft}", "--username=postgres", "--auth=trust"),
                *("--encoding=UTF8", f"--locale={locale}"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                cwd=self._draft,
                seconds=_INITDB_SECONDS,
                inherit=(lock,),
            )
            if done.returncode == 0:
                return
            if "invalid locale name" not in done.stderr:
                break
        raise EmbeddedPostgresError(
            f"Could not create a database cluster in {self.data}:\n{last_lines(done.stderr)}\n"
            "Put right what it names (a full disk, a permission) and try again; "
            "nothing half-made is kept."
        )


def last_lines(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.strip().splitlines()[-8:])


def _sync(folder: Path) -> None:
    """Make the names in `folder` survive a power failure."""
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
