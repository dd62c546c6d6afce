import pytest

from tests.cli.conftest import Cli

pytestmark = pytest.mark.postgres


def test_lists_and_shows_what_there_is(cli: Cli, organization: str, site: str) -> None:
    created = cli("organizations", "create", f"big-{organization}", "--name", "Big [red]x[/]", "--plan", "basic")
    assert created.stdout == f"created big-{organization}\n", created.stderr

    rows = [
        [cell.strip() for cell in line.split("  ") if cell.strip()]
        for line in cli("organizations", "list").stdout.splitlines()
    ]
    assert rows[0] == ["slug", "name", "plan", "active", "sites", "members", "owners"]
    assert [organization, organization, "free", "yes", "1 of 2", "0 of 5", "0"] in rows
    assert [f"big-{organization}", "Big [red]x[/]", "basic", "yes", "0 of 5", "0 of 25", "0"] in rows
    shown = cli("organizations", "show", organization).stdout.splitlines()
    assert {f"slug          {organization}", "plan          free", "sites         1 of 2"} <= set(shown)
    assert "members       0 of 5, 0 of them active owners" in shown


def test_says_when_there_is_none(bare_cli: Cli, empty_database_url: str) -> None:
    variables = {"TARUVI_DATABASE_URL": empty_database_url}
    assert bare_cli("migrate", **variables).returncode == 0
    listed = bare_cli("organizations", "list", **variables)
    assert listed.stdout == "there is no organization yet: taruvi organizations create --help\n"


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("show", "nobody"), 1, "there is no organization 'nobody'"),
        (("show",), 2, "Missing argument 'SLUG'"),
        (("create", "ORG"), 1, "ORG is taken"),
        (("create", "Bad!"), 2, "slug: must be"),
        (("create", "fine", "--plan", "gold"), 2, "'gold' is not one of"),
    ],
)
def test_a_mistake_is_told(cli: Cli, organization: str, *, args: tuple[str, ...], code: int, message: str) -> None:
    done = cli("organizations", *(arg.replace("ORG", organization) for arg in args))
    assert (done.returncode, done.stdout) == (code, "")
    assert message.replace("ORG", organization) in done.stderr
