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


def test_a_user_is_listed_shown_locked_out_and_let_in_again(cli: Cli, site: str) -> None:
    here = ("--site", site)
    for name in ("ada", "grace"):
        options = ("--username", name, "--email", f"{name}@example.org", *here)
        assert cli("users", "create-admin", *options, "--password", PASSWORD).returncode == 0

    listed = cli("users", "list", *here).stdout.splitlines()
    assert [line.split()[:4] for line in listed[1:]] == [
        ["ada", "ada@example.org", "yes", "yes"],
        ["grace", "grace@example.org", "yes", "yes"],
    ]
    assert cli("users", "deactivate", "ADA@example.org", *here).stdout == "deactivated ada\n"
    assert "active        no\n" in cli("users", "show", "ada", *here).stdout
    last = cli("users", "deactivate", "grace", *here)
    assert (last.returncode, last.stderr) == (1, "error: grace is the last admin: make another one first\n")
    assert cli("users", "activate", "ada", *here).stdout == "activated ada\n"
    assert cli("users", "show", "nobody", *here).stderr == "error: there is no user 'nobody'\n"


def test_a_password_is_set(cli: Cli, site: str, database_url: str) -> None:
    assert cli(*ADA, "--site", site, "--password", "another-good-one").returncode == 0

    weak = cli("users", "set-password", "ada", "--site", site, "--password", "short")
    assert (weak.returncode, weak.stderr) == (2, "error: password: needs at least 10 characters\n")
    done = cli("users", "set-password", "ada", "--site", site, TARUVI_USER_PASSWORD=PASSWORD)
    assert (done.returncode, done.stdout) == (0, "set the password of ada\n")
    assert PASSWORD not in done.stdout + done.stderr
    asyncio.run(log_in(database_url, site))


def test_a_site_without_users_says_what_to_do(cli: Cli, site: str) -> None:
    assert "create-admin" in cli("users", "list", "--site", site).stdout
