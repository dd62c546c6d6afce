"""What holds for every command, and the small ones."""

import json
import os
import socket
import subprocess
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from adapters.crypto.keyring import read_keyring
from entrypoints.cli.main import taruvi
from tests.cli.conftest import TARUVI, Cli, environment


def commands(group: click.Group, *path: str) -> list[tuple[str, ...]]:
    context = click.Context(group)
    found: list[tuple[str, ...]] = [path]
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found += commands(command, *path, name) if isinstance(command, click.Group) else [(*path, name)]
    return found


@pytest.mark.parametrize("path", commands(taruvi), ids=" ".join)
def test_every_command_has_help(path: tuple[str, ...]) -> None:
    for option in ("--help", "-h"):
        shown = CliRunner().invoke(taruvi, [*path, option])
        assert shown.exit_code == 0
        assert shown.output.startswith("Usage:")
        assert len(shown.output.splitlines()) >= 5
        assert max(map(len, shown.output.splitlines())) <= 80


def test_help_of_the_whole_names_every_command() -> None:
    shown = CliRunner().invoke(taruvi, ["--help"]).output
    assert all(f"  {name} " in shown for name in taruvi.list_commands(click.Context(taruvi)))


def test_tells_its_version() -> None:
    assert CliRunner().invoke(taruvi, ["--version"]).output.startswith("taruvi, version 0.")


@pytest.mark.parametrize("args", [("nope",), ("sites", "nope"), ("sites", "list", "--nope"), ("serve", "--port", "x")])
def test_a_command_that_is_none_is_asked_wrongly(bare_cli: Cli, args: tuple[str, ...]) -> None:
    assert bare_cli(*args).returncode == 2


@pytest.mark.parametrize(
    ("variables", "code", "message"),
    [
        ({"TARUVI_PROT": "1"}, 2, "did you mean TARUVI_PORT?"),
        ({"TARUVI_PORT": "x", "TARUVI_WORKERS": "0"}, 2, "TARUVI_WORKERS='0'"),
        ({"TARUVI_ENVIRONMENT": "production"}, 2, "TARUVI_DATABASE_URL: production needs"),
        ({"TARUVI_DATABASE_URL": "postgresql://[::1"}, 2, "TARUVI_DATABASE_URL: is no address"),
        ({"TARUVI_DATABASE_URL": "postgresql://x@127.0.0.1:1/x"}, 1, "cannot connect"),
        ({"TARUVI_DATABASE_URL": "postgresql://x@nobody.invalid/x"}, 1, "cannot connect"),
        ({"TARUVI_HOME": "/dev/null"}, 1, "choose another folder"),
        ({"TARUVI_HOME": "/proc/taruvi"}, 1, "choose another folder"),
    ],
)
def test_settings_that_do_not_work_are_told(bare_cli: Cli, variables: dict[str, str], code: int, message: str) -> None:
    done = bare_cli("sites", "list", **variables)
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr


@pytest.mark.parametrize("command", ["serve", "dev"])
@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"TARUVI_HOST": "localhost"}, "must be an IP address"),
        ({"TARUVI_HOST": "192.0.2.1"}, "Cannot assign requested address"),
        ({"TARUVI_DATABASE_URL": "postgresql://x@127.0.0.1:1/x"}, "cannot connect"),
    ],
)
def test_nothing_is_served_where_it_cannot_be(
    bare_cli: Cli, tmp_path: Path, command: str, variables: dict[str, str], message: str
) -> None:
    done = bare_cli(command, **variables)
    assert (done.returncode != 0, message in done.stderr) == (True, True), done.stderr
    assert not (tmp_path / "home" / "postgres").exists()


@pytest.mark.parametrize("command", ["serve", "dev"])
def test_a_busy_port_is_told_before_anything_is_started(bare_cli: Cli, tmp_path: Path, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = bare_cli(command, TARUVI_PORT=str(port))
    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
    assert f"(process {os.getpid()}) uses it" in done.stderr
    assert "TARUVI_PORT" in done.stderr
    assert not (tmp_path / "home").exists()


def test_development_is_not_for_production(bare_cli: Cli) -> None:
    sound = {
        "TARUVI_ENVIRONMENT": "production",
        "TARUVI_BASE_DOMAINS": "example.com",
        "TARUVI_DATABASE_URL": "postgresql://x@db/x",
        "TARUVI_CACHE_URL": "redis://cache",
        "TARUVI_MAIL_URL": "smtp://mail.example.com",
        "TARUVI_STORAGE_URL": "s3://files?region=eu-central-1",
        "TARUVI_SIGNING_KEYS_FILE": "/nowhere",
    }
    done = bare_cli("dev", **sound)
    assert (done.returncode, "`taruvi serve`" in done.stderr) == (1, True)


def test_makes_keys_that_can_be_read(bare_cli: Cli) -> None:
    keys = bare_cli("keys", "new").stdout
    assert len(read_keyring(keys).kids) == 1
    assert keys != bare_cli("keys", "new").stdout


def test_writes_and_checks_the_openapi_document(bare_cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "docs" / "openapi.json"
    assert bare_cli("openapi", "--output", str(file)).returncode == 0
    assert json.loads(file.read_text()) == json.loads(bare_cli("openapi").stdout)
    assert bare_cli("openapi", "--check", str(file)).returncode == 0
    file.write_text("{}")
    changed = bare_cli("openapi", "--check", str(file))
    assert (changed.returncode, "run `just openapi`" in changed.stderr) == (1, True)


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("--output", "/proc/nowhere/openapi.json"), 1),
        (("--output", "/tmp"), 2),
        (("--check", "/tmp"), 2),
        (("--check", "/nowhere.json"), 2),
        (("--check", "/etc/hosts", "--output", "x.json"), 2),
    ],
)
def test_where_the_document_cannot_be_is_told(bare_cli: Cli, args: tuple[str, ...], code: int) -> None:
    assert bare_cli("openapi", *args).returncode == code


def test_a_reader_that_has_read_enough_is_no_error_to_tell(tmp_path: Path) -> None:
    with subprocess.Popen(
        [TARUVI, "openapi"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(tmp_path)
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.postgres
def test_the_doctor_finds_all_well(cli: Cli) -> None:
    done = cli("doctor")
    assert (done.returncode, done.stdout.count("✓"), done.stdout.count("✗")) == (0, 9, 0)


REACH = "cannot reach the bucket: EndpointConnectionError: check TARUVI_STORAGE_URL"


def test_the_doctor_says_what_to_do(bare_cli: Cli) -> None:
    away = {
        "TARUVI_DATABASE_URL": "postgresql://x@127.0.0.1:1/x",
        "TARUVI_CACHE_URL": "redis://127.0.0.1:1/0",
        "TARUVI_STORAGE_URL": "s3://key:secret@files?endpoint=http://127.0.0.1:1",
    }
    done = bare_cli("doctor", **away, TARUVI_SIGNING_KEYS_FILE="/nowhere")
    assert done.returncode == 1
    for expected in (
        "✗ signing keys",
        "taruvi keys new",
        "✗ database",
        "check TARUVI_DATABASE_URL",
        "✗ cache",
        "✗ storage",
        REACH,
    ):
        assert expected in done.stdout
    assert done.stderr == "error: 4 of the checks failed\n"


@pytest.mark.storage
@pytest.mark.parametrize(
    ("of", "by", "problem"),
    [
        ("", "", ""),
        ("@taruvi", "@another", "cannot reach the bucket: ClientError 404"),
        (":", ":wrong", "cannot reach the bucket: ClientError 403"),
    ],
)
def test_the_doctor_uses_the_bucket(bare_cli: Cli, storage_url: str, of: str, by: str, problem: str) -> None:
    url = storage_url.removeprefix("s3://").replace(of, by, 1) if of else storage_url.removeprefix("s3://")
    away = "postgresql://x@127.0.0.1:1/x"
    done = bare_cli("doctor", TARUVI_DATABASE_URL=away, TARUVI_STORAGE_URL=f"s3://{url}")
    line = next(line for line in done.stdout.splitlines() if " storage: " in line)
    assert line.startswith(f"✗ storage: {problem}: check TARUVI_STORAGE_URL" if problem else "✓ storage: external")


def test_the_doctor_tells_wrong_settings(bare_cli: Cli) -> None:
    done = bare_cli("doctor", TARUVI_PORT="x")
    assert (done.returncode, "✗ settings: TARUVI_PORT='x'" in done.stdout) == (1, True)


def test_the_doctor_asks_the_broker(bare_cli: Cli) -> None:
    away = {
        "TARUVI_DATABASE_URL": "postgresql://x@127.0.0.1:1/x",
        "TARUVI_STORAGE_URL": "s3://k:s@files?endpoint=http://127.0.0.1:1",
    }
    done = bare_cli("doctor", **away, TARUVI_BROKER_URL="amqp://user:hidden-8471@127.0.0.1:9/")
    line = next(line for line in done.stdout.splitlines() if " broker: " in line)
    assert line.startswith("✗ broker: cannot be reached: ")
    assert line.endswith("check TARUVI_BROKER_URL and that it runs; jobs wait meanwhile")
    assert "hidden-8471" not in done.stdout + done.stderr
