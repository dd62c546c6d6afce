import pytest

from tests.cli.conftest import Cli

pytestmark = pytest.mark.postgres


def test_a_site_from_its_beginning_to_its_end(cli: Cli, organization: str) -> None:
    slug, later = f"a-{organization}", f"b-{organization}"

    created = cli(
        "sites", "create", slug, "--organization", organization, "--name", "Acme Berlin", "--role", "production"
    )
    assert created.stdout.startswith(f"created {slug}: http://{slug}.localhost:8000/\n")
    assert [slug, "Acme Berlin", organization, "production", "active", "primary"] in [
        [cell.strip() for cell in line.split("  ") if cell.strip()] for line in cli("sites", "list").stdout.splitlines()
    ]
    for step in ("suspend", "resume"):
        assert cli("sites", step, slug).stdout == f"{step.rstrip('e')}ed {slug}\n"
        assert cli("sites", step, slug).returncode == 1
    assert cli("sites", "rename", slug, later).stdout == f"renamed {slug} to {later}\n"
    assert cli("sites", "show", slug).returncode == 1
    assert cli("sites", "delete", later, "--confirm", later).stdout.startswith(f"deleted {later}; a job")
    assert later not in cli("sites", "list").stdout


def test_what_is_given_is_changed_and_the_rest_stays(cli: Cli, organization: str) -> None:
    first, second = f"f-{organization}", f"s-{organization}"
    for slug in (first, second):
        assert cli("sites", "create", slug, "--organization", organization, "--name", slug).returncode == 0
    options = ("--description", "Ours", "--role", "staging", "--primary")
    assert cli("sites", "update", second, *options).stdout == f"updated {second}\n"

    shown = dict(line.split(maxsplit=1) for line in cli("sites", "show", second).stdout.splitlines())
    expected = {"name": second, "description": "Ours", "role": "staging", "is_primary": "True"}
    assert expected.items() <= shown.items()
    assert "is_primary    False" in cli("sites", "show", first).stdout


def test_lists_the_sites_of_one_organization(cli: Cli, organization: str, site: str) -> None:
    other = f"o{organization}"
    assert cli("organizations", "create", other).returncode == 0
    assert cli("sites", "create", f"x-{site}", "--organization", other).returncode == 0

    listed = cli("sites", "list", "--organization", organization).stdout.splitlines()
    assert [line.split()[0] for line in listed] == ["slug", site]
    assert cli("sites", "list", "--organization", "nobodys").stdout.startswith("there is no site")


def test_tells_what_a_site_takes(cli: Cli, site: str) -> None:
    used = dict(line.split() for line in cli("sites", "usage", site).stdout.splitlines())

    assert used.keys() == {"users", "projects", "tasks", "groups", "files", "file_bytes", "bytes", "max_storage"}
    assert int(used["bytes"]) > 100_000


def test_a_renamed_site_is_told_by_its_new_name(cli: Cli, site: str) -> None:
    assert cli("sites", "rename", site, f"n-{site}").returncode == 0
    options = ("--username", "a", "--email", "a@example.org", "--password", "a-good-password")
    done = cli("users", "create-admin", "--site", site, *options)
    assert (done.returncode, done.stderr) == (1, f"error: the site '{site}' was renamed: it is 'n-{site}' now\n")


@pytest.mark.parametrize("typed", ["", "\n", "no\n", "SITE\n"])
def test_a_site_is_not_destroyed_by_accident(cli: Cli, site: str, typed: str) -> None:
    asked = cli("sites", "delete", site, typed=typed.replace("SITE", site.upper()))
    assert asked.returncode != 0
    assert cli("sites", "delete", site, "--confirm", "another").returncode == 1
    assert cli("sites", "show", site).returncode == 0


def test_a_site_is_destroyed_when_its_slug_is_typed(cli: Cli, site: str) -> None:
    assert cli("sites", "delete", site, typed=f"{site}\n").stdout.endswith(
        f"deleted {site}; a job is queued that discards the bytes of its files\n"
    )
    assert cli("sites", "show", site).stderr == f"error: there is no site '{site}'\n"


def test_what_users_wrote_is_shown_as_they_wrote_it(cli: Cli, organization: str) -> None:
    slug, name = f"m-{organization}", "[red]x[/] :smile: [link=http://x]"
    description = "A long description. " * 30 + "The end."
    options = ("--organization", organization, "--name", name, "--description", description)
    assert cli("sites", "create", slug, *options).returncode == 0

    shown = cli("sites", "show", slug).stdout.splitlines()
    assert f"name          {name}" in shown
    assert f"description   {description}" in shown
    assert any(line.startswith(slug) and name in line for line in cli("sites", "list").stdout.splitlines())


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("create", "Bad!", "--organization", "ORG"), 2, "slug: must be"),
        (("create", "api", "--organization", "ORG"), 2, "slug: api is a reserved name"),
        (("create", "x" * 49, "--organization", "ORG"), 2, "slug: must be"),
        (("create", "fine", "--organization", "nobodys"), 2, "there is no organization 'nobodys'"),
        (("create", "fine"), 2, "Missing option '--organization'"),
        (("create", "fine", "--organization", "ORG", "--role", "boss"), 2, "'boss' is not one of"),
        (("create", "SITE", "--organization", "ORG"), 1, "is taken"),
        (("rename", "SITE", "Bad!"), 2, "slug: must be"),
        (("update", "SITE"), 2, "nothing to change"),
        (("update", "SITE", "--name", ""), 2, "name: may not be blank"),
        (("update", "nobody", "--primary"), 1, "there is no site 'nobody'"),
        (("usage", "nobody"), 1, "there is no site 'nobody'"),
        (("show", "nobody"), 1, "there is no site 'nobody'"),
        (("suspend", "nobody"), 1, "there is no site 'nobody'"),
        (("delete", "nobody", "--confirm", "nobody"), 1, "there is no site 'nobody'"),
        (("show",), 2, "Missing argument 'SLUG'"),
    ],
)
def test_a_mistake_is_told(
    cli: Cli, organization: str, site: str, *, args: tuple[str, ...], code: int, message: str
) -> None:
    done = cli("sites", *(arg.replace("ORG", organization).replace("SITE", site) for arg in args))
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
