from pathlib import Path

import pytest

from entrypoints.addresses import public_url_of, sender_of
from entrypoints.environment import SettingsError, checked, load_settings
from entrypoints.settings import Settings

SOUND = {
    "TARUVI_ENVIRONMENT": "production",
    "TARUVI_BASE_DOMAINS": "example.com",
    "TARUVI_DATABASE_URL": "postgresql://taruvi:a-secret-of-ours@db/taruvi",
    "TARUVI_CACHE_URL": "rediss://:another-secret-of-ours@cache/0",
    "TARUVI_MAIL_URL": "smtps://taruvi:a-third-secret@mail.example.com",
    "TARUVI_STORAGE_URL": "s3://key:a-fourth-secret@files?region=eu-central-1",
    "TARUVI_SIGNING_KEYS_FILE": "/run/secrets/signing-keys.json",
}


def problems(**environ: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings({f"TARUVI_{name.upper()}": value for name, value in environ.items()})
    return caught.value.problems


def test_without_any_there_are_defaults() -> None:
    assert load_settings({"PATH": "/bin"}) == Settings()


def test_reads_each_kind() -> None:
    environ = {
        "TARUVI_PORT": " 8001 ",
        "TARUVI_HOME": "~/taruvi",
        "TARUVI_BASE_DOMAINS": "example.com, example.org,",
        "TARUVI_ACCESS_CHECK_SECONDS": "0.5",
        "TARUVI_LOG_LEVEL": "debug",
    }
    assert load_settings(environ) == Settings(
        port=8001,
        home=Path.home() / "taruvi",
        base_domains=("example.com", "example.org"),
        access_check_seconds=0.5,
        log_level="debug",
    )


def test_an_empty_value_is_none() -> None:
    assert load_settings({"TARUVI_HOME": "", "TARUVI_PORT": " ", "TARUVI_BASE_DOMAINS": ""}) == Settings()


def test_everything_wrong_is_told_at_once() -> None:
    found = problems(prot="1", port="x", workers="0", environment="staging", cache_url="memcached://x")
    assert [problem.partition("=")[0].partition(":")[0] for problem in found] == [
        "TARUVI_CACHE_URL",
        "TARUVI_ENVIRONMENT",
        "TARUVI_PORT",
        "TARUVI_PROT",
        "TARUVI_WORKERS",
    ]


def test_a_name_that_is_none_gets_the_closest() -> None:
    assert problems(prot="1") == ["TARUVI_PROT: there is no such setting; did you mean TARUVI_PORT?"]


@pytest.mark.parametrize(
    "name",
    ["TARUVI_PYTHON", "TARUVI_VENV", "TARUVI_TEST_DATABASE_URL", "TARUVI_ADMIN_PASSWORD", "TARUVI_USER_PASSWORD"],
)
def test_variables_that_others_read_are_no_settings(name: str) -> None:
    assert load_settings({name: "x"}) == Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "0"),
        ("port", "65536"),
        ("host", "localhost"),
        ("host", "[::1]"),
        ("home", "~nobody-of-this-name/x"),
        ("base_domains", ","),
        ("tls_check_callers", "10.0.0.0/33"),
        ("tls_check_callers", "caddy"),
        ("dns_resolvers", "dns.example.com"),
        ("dns_resolvers", "9.9.9.9:0"),
        ("dns_resolvers", "9.9.9.9:65536"),
        ("dns_resolvers", "9.9.9"),
        ("dns_resolvers", "[9.9.9.9"),
        ("base_domains", "*.example.com"),
        ("base_domains", "Example.com"),
        ("base_domains", "example.com."),
        ("base_domains", "example.com:8000"),
        ("base_domains", "bücher.example"),
        ("base_domains", f"{'a' * 64}.example"),
        ("trusted_proxies", "10.0.0.1/8"),
        ("trusted_proxies", "proxy"),
        ("database_url", "mysql://x/y"),
        ("database_url", "postgresql://[::1/x"),
        ("database_url", "postgresql://h:99999999/x"),
        ("cache_url", "localhost:6379"),
        ("mail_url", "mail.example.com"),
        ("mail_url", "smtp://"),
        ("mail_url", "smtp://mail.example.com:x"),
        ("mail_from", "Taruvi"),
        ("mail_from", "a@example.com, b@example.com"),
        ("storage_url", "https://s3.example.com/files"),
        ("storage_url", "s3://key:hidden@files"),
        ("storage_port", "0"),
        ("storage_part_bytes", "5242879"),
        ("storage_part_bytes", "5368709121"),
        ("public_url", "example.com"),
        ("public_url", "https://"),
        ("public_url", "https://example.com/app"),
        ("public_url", "https://me@example.com"),
        ("public_url", "https://example.com?x=y"),
        ("access_check_seconds", "nan"),
        ("access_check_seconds", "6"),
        ("password_memory_kib", "1024"),
        ("log_format", "xml"),
    ],
)
def test_refuses(name: str, value: str) -> None:
    found = problems(**{name: value})
    assert len(found) == 1
    assert found[0].startswith(f"TARUVI_{name.upper()}")


def test_an_address_with_a_password_is_not_told() -> None:
    assert "hidden" not in "".join(problems(database_url="mysql://me:hidden@h/x"))
    assert "hidden" not in "".join(problems(storage_url="s4://me:hidden@Files?x=y"))


def test_keys_are_given_once() -> None:
    assert len(problems(signing_keys="{}", signing_keys_file="/x")) == 1


@pytest.mark.parametrize("host", ["192.0.2.1", "::", "::1", "127.0.0.1"])
def test_listens_on_any_address(host: str) -> None:
    assert load_settings({"TARUVI_HOST": host}).host == host


def test_production_starts_with_sound_settings() -> None:
    assert load_settings(SOUND).is_production


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", ""),
        ("CACHE_URL", ""),
        ("MAIL_URL", ""),
        ("STORAGE_URL", ""),
        ("STORAGE_URL", "s3://minioadmin:minioadmin@files?endpoint=https://s3.example.com"),
        ("STORAGE_URL", "s3://key:a-fourth-secret@files?endpoint=http://s3.example.com"),
        ("SIGNING_KEYS_FILE", ""),
        ("DATABASE_URL", "postgresql://postgres:postgres@db/taruvi"),
        ("CACHE_URL", "redis://:redis@cache"),
        ("MAIL_URL", "smtp://taruvi:password@mail.example.com"),
        ("PUBLIC_URL", "http://example.com"),
        ("BASE_DOMAINS", "example.com,localhost"),
        ("BASE_DOMAINS", "127.0.0.1.nip.io"),
        ("TRUSTED_PROXIES", "0.0.0.0/0"),
        ("TRUSTED_PROXIES", "::/0"),
    ],
)
def test_production_refuses_what_is_for_development(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"TARUVI_{name.removesuffix('_FILE')}") as caught:
        load_settings(SOUND | {f"TARUVI_{name}": value})
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize("spaces", ["", " "])
def test_production_refuses_the_keys_of_development(spaces: str) -> None:
    keys = {"TARUVI_SIGNING_KEYS_FILE": "", "TARUVI_SIGNING_KEYS": f'{{"keys": [{{"kid":{spaces}"dev-1"}}]}}'}
    with pytest.raises(SettingsError, match="keys of `taruvi dev`"):
        load_settings(SOUND | keys)


@pytest.mark.parametrize(
    ("environ", "entry", "sender"),
    [
        ({}, "http://localhost:8000", "Taruvi <no-reply@localhost>"),
        ({"TARUVI_PORT": "8001", "TARUVI_MAIL_FROM": "a@b.example"}, "http://localhost:8001", "a@b.example"),
        (SOUND, "https://example.com", "Taruvi <no-reply@example.com>"),
        (SOUND | {"TARUVI_PUBLIC_URL": "https://app.example.com:8443/"}, "https://app.example.com:8443", None),
    ],
)
def test_mails_have_a_sender_and_lead_somewhere(environ: dict[str, str], entry: str, sender: str | None) -> None:
    settings = load_settings(environ or {"PATH": "/bin"})
    assert public_url_of(settings) == entry
    assert sender in (None, sender_of(settings))


def test_production_is_not_the_default() -> None:
    assert not Settings().is_production


@pytest.mark.parametrize(
    ("environment", "log_format", "pretty"),
    [
        ("development", "", True),
        ("production", "", False),
        ("development", "json", False),
        ("production", "pretty", True),
    ],
)
def test_logs_are_for_people_in_development(environment: str, log_format: str, *, pretty: bool) -> None:
    environ = SOUND | {"TARUVI_ENVIRONMENT": environment, "TARUVI_LOG_FORMAT": log_format}
    assert load_settings(environ).logs_pretty is pretty


def test_what_was_changed_afterwards_is_checked_too() -> None:
    assert checked(Settings(host="::1")) == Settings(host="::1")
    with pytest.raises(SettingsError):
        checked(Settings(host="nowhere"))


def test_the_environment_is_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("TARUVI_PORT=8001\nTARUVI_ISSUER=file\nOTHER=1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TARUVI_PORT", "8002")
    settings = load_settings()
    assert (settings.port, settings.issuer) == (8002, "file")


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_bytes(b"TARUVI_ISSUER=\xff\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match=r"\.env cannot be read"):
        load_settings()
