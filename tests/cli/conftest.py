import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest
from click.testing import CliRunner

from entrypoints.cli.main import main

TARUVI = Path(sys.executable).with_name("taruvi")


@dataclass(frozen=True, slots=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


Cli = Callable[..., Done]


def environment(tmp_path: Path, **variables: str) -> dict[str, str]:
    """Ours, without settings of the developer's own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("TARUVI_")}
    sources = str(Path(__file__).parents[2] / "src")
    return kept | {"PYTHONPATH": sources, "TARUVI_HOME": str(tmp_path / "home"), **variables}


def run(home: Path, *args: str, typed: str = "", **variables: str) -> Done:
    """`taruvi` in this process, which is ten times as fast; keyword arguments are variables, `typed` is typed."""
    unset: dict[str, str | None] = {key: None for key in os.environ if key.startswith("TARUVI_")}
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    with CliRunner().isolation(typed, unset | {"TARUVI_HOME": str(home), **variables}) as (out, err, _):
        try:
            code = 0
            main([*args])
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
    done = Done(code, out.getvalue().decode(), err.getvalue().decode())
    assert "\x1b" not in done.stdout + done.stderr
    return done


@pytest.fixture
def bare_cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """`taruvi` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return partial(run, tmp_path / "home")


@pytest.fixture
def cli(bare_cli: Cli, database_url: str) -> Cli:
    """The same, on a migrated database."""

    def on_it(*args: str, **variables: str) -> Done:
        return bare_cli(*args, **{"TARUVI_DATABASE_URL": database_url, **variables})

    return on_it


@pytest.fixture
def empty_database_url(embedded_url: str) -> Iterator[str]:
    name = f"taruvi_test_{uuid4().hex[:12]}"

    async def execute(statement: str) -> None:
        connection = await asyncpg.connect(embedded_url)
        await connection.execute(statement)
        await connection.close()

    asyncio.run(execute(f"CREATE DATABASE {name}"))
    yield urlsplit(embedded_url)._replace(path=f"/{name}").geturl()
    asyncio.run(execute(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def own_cli(bare_cli: Cli, empty_database_url: str, storage_url: str) -> Cli:
    """`taruvi` on a database and a part of the object store of the test's own: for what is about every site."""
    prefix = f"{storage_url}&prefix=p{uuid4().hex}"
    own = partial(bare_cli, TARUVI_DATABASE_URL=empty_database_url, TARUVI_STORAGE_URL=prefix)
    assert own("migrate").returncode == 0
    return own


@pytest.fixture
def organization(cli: Cli) -> str:
    """The slug of a new one."""
    slug = f"org-{uuid4().hex[:8]}"
    assert cli("organizations", "create", slug).stdout == f"created {slug}\n"
    return slug


@pytest.fixture
def site(cli: Cli, organization: str) -> str:
    """The slug of a new one."""
    slug = f"site-{uuid4().hex[:8]}"
    assert cli("sites", "create", slug, "--organization", organization).returncode == 0
    return slug
