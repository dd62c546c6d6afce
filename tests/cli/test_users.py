import asyncio

import pytest
from dishka import Provider
from dishka import Scope as Lifetime

from adapters.crypto.passwords import Argon2PasswordHasher
from application.identity.ports import PasswordHasher
from tests.cli.conftest import Cli
from tests.world import PASSWORD, postgres_world, token

pytestmark = pytest.mark.postgres
ADA = ("users", "create-admin", "--username", "ada", "--email", "ada@example.org")


async def log_in(database_url: str, site: str) -> None:
    hasher = Provider(scope=Lifetime.APP)
    hasher.provide(lambda: Argon2PasswordHasher(threads=1), provides=PasswordHasher, override=True)
    async with postgres_world(database_url) as world, world.http(hasher) as client:
        assert await token(client, f"http://{site}.localhost", "ada")


def test_an_admin_can_log_in(cli: Cli, site: str, database_url: str) -> None:
    done = cli(*ADA, "--site", site, TARUVI_ADMIN_PASSWORD=PASSWORD)
    assert done.stdout == f"created the admin ada of {site}\n"
    assert PASSWORD not in done.stdout + done.stderr

    asyncio.run(log_in(database_url, site))
    assert cli(*ADA, "--site", site, TARUVI_ADMIN_PASSWORD=PASSWORD).returncode == 1


def test_a_password_is_typed_twice_and_not_shown(cli: Cli, site: str) -> None:
    done = cli(*ADA, "--site", site, typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.returncode == 0
    assert PASSWORD not in done.stdout + done.stderr


def test_a_weak_password_is_refused(cli: Cli, site: str) -> None:
    done = cli(*ADA, "--site", site, "--password", "short")
    assert (done.returncode, done.stderr) == (2, "error: password: needs at least 10 characters\n")


def test_an_admin_needs_a_site_that_is_there(cli: Cli) -> None:
    done = cli(*ADA, "--site", "nobody", "--password", PASSWORD)
    assert (done.returncode, "there is no site 'nobody'" in done.stderr) == (1, True)
