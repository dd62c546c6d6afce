"""Backups of large sites pass through: memory does not grow with what a site has."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import asyncpg
import pytest

from adapters.postgres.sql import quoted
from domain.tenancy.slug import SiteSlug
from tests.cli.conftest import TARUVI, Cli, environment

MIB: Final = 1 << 20
ROWS: Final = 40_000
LITTLE: Final = 64 * MIB
USER = ("--username", "ada", "--email", "ada@example.org", "--password", "a-good-password")
WATCHED: Final = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""
"""A process begins with the size of who forked it: that must be a small one."""
FILL: Final = """
insert into {0}.projects (id, name, description, status, owner_id, created_at, updated_at, version)
select gen_random_uuid(), 'Project ' || n, words, 'active', (select id from {0}.users), now(), now(), 1
from generate_series(1, $1) n,
  lateral (select string_agg(md5(n || '.' || m), '') as words from generate_series(1, 150) m) words
"""

pytestmark = [pytest.mark.postgres, pytest.mark.storage]


@pytest.fixture
def cli(own_cli: Cli) -> Cli:
    return own_cli


def peak(tmp_path: Path, cli: Any, *args: str) -> int:
    """The most memory, in bytes, that a process of this command had in RAM: itself, and what it started."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", WATCHED, TARUVI, *args],
        env=environment(tmp_path, **cli.keywords),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout.splitlines()[-1]) * 1024


async def fill(url: str, schema: str) -> int:
    """With rows that do not compress well. Their size in bytes, as the database has them."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"alter table {schema}.projects disable trigger user")
        await connection.execute(FILL.format(schema), ROWS)
        await connection.execute(f"alter table {schema}.projects enable trigger user")
        return int(await connection.fetchval(f"select sum(length(description)) from {schema}.projects"))
    finally:
        await connection.close()


def test_a_large_site_is_backed_up_and_restored_without_memory_growing(
    cli: Cli, site: str, tmp_path: Path, empty_database_url: str
) -> None:
    assert cli("users", "create-admin", "--site", site, *USER).returncode == 0
    small = peak(tmp_path, cli, "sites", "backup", site)
    assert asyncio.run(fill(empty_database_url, quoted(SiteSlug(site).schema))) > 150 * MIB
    large = peak(tmp_path, cli, "sites", "backup", site)
    assert large - small < LITTLE

    newest = cli("sites", "backups", site).stdout.splitlines()[1].split()[0]
    assert peak(tmp_path, cli, "sites", "restore", site, newest, "--as", f"r-{site}") - small < LITTLE
    restored = asyncio.run(count(empty_database_url, quoted(SiteSlug(f"r-{site}").schema)))
    assert restored == ROWS


async def count(url: str, schema: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval(f"select count(*) from {schema}.projects"))
    finally:
        await connection.close()
