import pytest

from tests.cli.conftest import Cli

pytestmark = pytest.mark.postgres


def test_an_empty_database_is_brought_up_to_date_once(bare_cli: Cli, empty_database_url: str) -> None:
    def migrate(*args: str) -> tuple[int, str]:
        done = bare_cli("migrate", *args, TARUVI_DATABASE_URL=empty_database_url)
        return done.returncode, done.stdout + done.stderr

    code, told = migrate("--check")
    assert (code, "public" in told, "run `taruvi migrate`" in told) == (1, True, True)
    assert migrate("--plan")[0] == 0
    assert migrate("--check")[0] == 1
    assert migrate()[0] == 0
    assert migrate("--check") == (0, "public and 0 sites are up to date\n")
    assert migrate() == (0, migrate("--all")[1])


def test_nothing_works_before(bare_cli: Cli, empty_database_url: str) -> None:
    listed = bare_cli("sites", "list", TARUVI_DATABASE_URL=empty_database_url)
    served = bare_cli("serve", "--port", "59999", TARUVI_DATABASE_URL=empty_database_url)
    for done in (listed, served):
        assert (done.returncode, "run `taruvi migrate`" in done.stderr) == (1, True)


def test_one_site_can_be_migrated_alone(cli: Cli, site: str) -> None:
    assert cli("migrate", "--site", site).returncode == 0


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("--site", "nobody"), 1, "there is no site 'nobody'"),
        (("--site", "nobody", "--plan"), 1, "there is no site 'nobody'"),
        (("--site", "acme", "--all"), 2, "exclude each other"),
        (("--connections", "0"), 2, "0 is not in the range"),
    ],
)
def test_a_mistake_is_told(cli: Cli, args: tuple[str, ...], code: int, message: str) -> None:
    done = cli("migrate", *args)
    assert (done.returncode, message in done.stderr) == (code, True)


def test_no_migration_is_written_where_nothing_changed(cli: Cli) -> None:
    done = cli("new-migration", "tenant", "nothing")
    assert (done.returncode, "nothing to do" in done.stdout) == (0, True)


def test_a_migration_is_written_for_one_of_two_histories(cli: Cli) -> None:
    done = cli("new-migration", "neither", "add a column")
    assert (done.returncode, "'platform', 'tenant'" in done.stderr) == (2, True)
