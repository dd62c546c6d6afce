"""One typed object of all settings, read once from `TARUVI_*` and `.env`, refused with every problem listed."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_origin
from urllib.parse import parse_qs, urlsplit

import msgspec
from dotenv import dotenv_values
from msgspec import Meta, Struct

from domain.tenancy.routing import is_host_name
from entrypoints.mail_problems import mail_problems, mail_problems_in_production
from entrypoints.networks import wrong_networks, wrong_resolvers, wrong_url

PREFIX: Final = "TARUVI_"
DEVELOPMENT_KEY: Final = "dev-"
"""How the `kid` of every key begins that `taruvi dev` made."""
_PASSWORDS: Final = ("TARUVI_ADMIN_PASSWORD", "TARUVI_USER_PASSWORD")
_NOT_SETTINGS: Final = ("TARUVI_PYTHON", "TARUVI_VENV", "TARUVI_TEST_", "TARUVI_BENCH_", *_PASSWORDS)
_REDIS_PATH: Final = re.compile(r"[0-9]{0,3}")
_DEFAULT_PASSWORDS: Final = frozenset(
    ("postgres", "password", "taruvi", "guest", "redis", "secret", "changeme", "for-development-only")
)
_DEVELOPMENT: Final = re.compile(rf'"kid"\s*:\s*"{DEVELOPMENT_KEY}')
_PLACE: Final = re.compile(r" - at `\$.*`$")

Port = Annotated[int, Meta(ge=1, le=65535)]
Few = Annotated[int, Meta(ge=1, le=10_000)]


class SettingsError(Exception):
    """Settings that cannot be used. `problems` has one line for each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class Settings(Struct, frozen=True, kw_only=True):
    """Each field is the variable `TARUVI_<FIELD>`; docs/settings.md tells them all."""

    environment: Literal["development", "production"] = "development"
    home: Path = Path(".taruvi")
    host: str = "127.0.0.1"
    port: Port = 8000
    workers: Annotated[int, Meta(ge=1, le=128)] = 1
    base_domains: tuple[str, ...] = ("localhost", "127.0.0.1.nip.io")
    trusted_proxies: tuple[str, ...] = ()
    dns_resolvers: tuple[str, ...] = ()
    tls_check_callers: tuple[str, ...] = ()
    database_url: str = ""
    database_pool_size: Annotated[int, Meta(ge=2, le=500)] = 8
    database_statements: Annotated[int, Meta(ge=0, le=100_000)] = 1000
    cache_url: str = ""
    mail_url: str = ""
    mail_from: str = ""
    public_url: str = ""
    signing_keys: str = ""
    signing_keys_file: str = ""
    issuer: Annotated[str, Meta(min_length=1)] = "taruvi"
    access_token_seconds: Annotated[int, Meta(ge=10, le=86_400)] = 900
    refresh_token_seconds: Annotated[int, Meta(ge=60, le=31_536_000)] = 604_800
    refresh_grace_seconds: Annotated[int, Meta(ge=0, le=60)] = 10
    impersonation_seconds: Annotated[int, Meta(ge=60, le=3600)] = 1800
    token_leeway_seconds: Annotated[int, Meta(ge=0, le=60)] = 2
    access_check_seconds: Annotated[float, Meta(ge=0, le=5)] = 2.0
    password_threads: Annotated[int, Meta(ge=1, le=64)] = 1
    password_memory_kib: Annotated[int, Meta(ge=19_456)] = 19_456
    password_passes: Annotated[int, Meta(ge=2, le=20)] = 2
    login_limit_account_and_address: Few = 10
    login_limit_account: Few = 50
    login_limit_address: Few = 100
    history_retention_days: Annotated[int, Meta(ge=30, le=36_500)] | None = None
    max_body_bytes: Annotated[int, Meta(ge=1024, le=1 << 30)] = 1 << 20
    log_format: Literal["json", "pretty", ""] = ""
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def logs_pretty(self) -> bool:
        return (self.log_format or ("json" if self.is_production else "pretty")) == "pretty"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the environment (default: the process's, over the `.env` of the working directory).

    An empty value counts as none. Raise `SettingsError` with everything that is wrong.
    """
    given = {key: value for key, value in (environ or _environment()).items() if _is_setting(key) and value.strip()}
    fields = {PREFIX + field.name.upper(): field for field in msgspec.structs.fields(Settings)}
    problems = [_unknown(key, list(fields)) for key in sorted(set(given) - set(fields))]
    values: dict[str, Any] = {}
    for key in fields.keys() & given.keys():
        try:
            values[fields[key].name] = _read(given[key].strip(), fields[key].type)
        except (ValueError, RuntimeError) as error:
            problems.append(f"{key}={given[key]!r}: {_PLACE.sub('', str(error))}")
    settings = Settings(**values)
    problems += _problems(settings)
    if problems:
        raise SettingsError(sorted(problems))
    return settings


def checked(settings: Settings) -> Settings:
    """The same, for settings that did not come from `load_settings` alone. Raise `SettingsError`."""
    if problems := list(_problems(settings)):
        raise SettingsError(problems)
    return settings


def _environment() -> dict[str, str]:
    try:
        from_file = {key: value or "" for key, value in dotenv_values(".env").items()}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f".env cannot be read: {error}"]) from error
    return from_file | dict(os.environ)


def _is_setting(key: str) -> bool:
    return key.startswith(PREFIX) and not key.startswith(_NOT_SETTINGS)


def _unknown(key: str, known: list[str]) -> str:
    close = get_close_matches(key, known, n=1)
    return f"{key}: there is no such setting" + (f"; did you mean {close[0]}?" if close else "")


def _read(text: str, kind: Any) -> Any:
    raw: Any = text
    if get_origin(kind) is tuple:
        raw = [part.strip() for part in text.split(",") if part.strip()]
    elif kind is Path:
        return Path(text).expanduser()
    return msgspec.convert(raw, kind, strict=False)


def _problems(settings: Settings) -> Iterator[str]:
    yield from _wrong_network(settings)
    yield from wrong_url("DATABASE", settings.database_url, ("postgresql", "postgres"))
    yield from wrong_url("CACHE", settings.cache_url, ("redis", "rediss"))
    if not _REDIS_PATH.fullmatch(settings.cache_url.partition("://")[2].partition("?")[0].partition("/")[2]):
        yield "TARUVI_CACHE_URL: what follows the host must be the number of a Redis database, like /0"
    yield from mail_problems(settings.mail_url, settings.mail_from, settings.public_url)
    if settings.signing_keys and settings.signing_keys_file:
        yield "TARUVI_SIGNING_KEYS and TARUVI_SIGNING_KEYS_FILE: give one of them"
    if settings.is_production:
        yield from _missing_in_production(settings)
        yield from _refused_in_production(settings)


def _wrong_network(settings: Settings) -> Iterator[str]:
    try:
        ip_address(settings.host)
    except ValueError:
        yield f"TARUVI_HOST={settings.host!r}: must be an IP address of this machine, like 127.0.0.1 or 0.0.0.0"
    if not settings.base_domains:
        yield "TARUVI_BASE_DOMAINS: at least one is needed"
    for domain in settings.base_domains:
        if not is_host_name(domain):
            yield f"TARUVI_BASE_DOMAINS: {domain!r} is not a host name in lower case"
    yield from wrong_networks("TARUVI_TRUSTED_PROXIES", settings.trusted_proxies)
    yield from wrong_networks("TARUVI_TLS_CHECK_CALLERS", settings.tls_check_callers)
    yield from wrong_resolvers("TARUVI_DNS_RESOLVERS", settings.dns_resolvers)


def _missing_in_production(settings: Settings) -> Iterator[str]:
    if not settings.database_url:
        yield "TARUVI_DATABASE_URL: production needs a PostgreSQL of its own"
    if not settings.cache_url:
        yield "TARUVI_CACHE_URL: production needs a Redis (redis:// or rediss://)"
    yield from mail_problems_in_production(settings.mail_url, settings.public_url)
    if not (settings.signing_keys or settings.signing_keys_file):
        yield "TARUVI_SIGNING_KEYS or _FILE: production needs keys; see `taruvi keys new`"


def _refused_in_production(settings: Settings) -> Iterator[str]:
    if _DEVELOPMENT.search(settings.signing_keys):
        yield "TARUVI_SIGNING_KEYS: these are the keys of `taruvi dev`"
    for name, url in (("DATABASE", settings.database_url), ("CACHE", settings.cache_url), ("MAIL", settings.mail_url)):
        with suppress(ValueError):  # told by `wrong_url`
            parts = urlsplit(url)
            if {parts.password, *parse_qs(parts.query).get("password", ())} & _DEFAULT_PASSWORDS:
                yield f"TARUVI_{name}_URL: the password is a default one"
    for domain in settings.base_domains:
        if domain.endswith(("localhost", "nip.io")):
            yield f"TARUVI_BASE_DOMAINS: {domain} is for development"
    for proxy in settings.trusted_proxies:
        if proxy.endswith("/0"):
            yield f"TARUVI_TRUSTED_PROXIES: {proxy} trusts everybody"
