"""One typed object of all settings, read once from `TARUVI_*` and `.env`, refused with every problem listed."""

import os
import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from dotenv import dotenv_values
from msgspec import Meta, Struct

from domain.tenancy.routing import is_host_name
from entrypoints.file_types import DEFAULT_TYPES, wrong_types
from entrypoints.mail_problems import mail_problems, mail_problems_in_production
from entrypoints.networks import default_password, wrong_cache_url, wrong_networks, wrong_resolvers, wrong_url
from entrypoints.storage_problems import cloudfront_problems, storage_problems, storage_problems_in_production
from entrypoints.variables import PREFIX, is_setting, read, reason, unknown

DEVELOPMENT_KEY: Final = "dev-"
"""How the `kid` of every key begins that `taruvi dev` made."""
_DEVELOPMENT: Final = re.compile(rf'"kid"\s*:\s*"{DEVELOPMENT_KEY}')

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
    database_direct_url: str = ""
    pg_tools: str = ""
    backup_days: Annotated[int, Meta(ge=1, le=3650)] = 30
    backup_newest: Annotated[int, Meta(ge=0, le=1000)] = 3
    export_days: Annotated[int, Meta(ge=1, le=365)] = 7
    cache_url: str = ""
    storage_url: str = ""
    storage_port: Port = 9070
    storage_part_bytes: Annotated[int, Meta(ge=5 << 20, le=5 << 30)] = 64 << 20
    cloudfront_url: str = ""
    cloudfront_key_id: str = ""
    cloudfront_private_key: str = ""
    cloudfront_private_key_file: str = ""
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
    file_types: tuple[str, ...] = DEFAULT_TYPES
    file_bytes: Annotated[int, Meta(ge=1, le=5 << 40)] = 5 << 30
    upload_seconds: Annotated[int, Meta(ge=60, le=604_800)] = 10_800
    download_seconds: Annotated[int, Meta(ge=10, le=3600)] = 300
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
    given = {key: value for key, value in (environ or _environment()).items() if is_setting(key) and value.strip()}
    fields = {PREFIX + field.name.upper(): field for field in msgspec.structs.fields(Settings)}
    problems = [unknown(key, list(fields)) for key in sorted(set(given) - set(fields))]
    values: dict[str, Any] = {}
    for key in fields.keys() & given.keys():
        try:
            values[fields[key].name] = read(given[key].strip(), fields[key].type)
        except (ValueError, RuntimeError) as error:
            problems.append(f"{key}={given[key]!r}: {reason(error)}")
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


def _problems(settings: Settings) -> Iterator[str]:
    yield from _wrong_network(settings)
    yield from wrong_url("DATABASE", settings.database_url, ("postgresql", "postgres"))
    yield from wrong_cache_url(settings.cache_url)
    yield from mail_problems(settings.mail_url, settings.mail_from, settings.public_url)
    yield from wrong_types(settings.file_types)
    yield from storage_problems(settings.storage_url)
    yield from cloudfront_problems(
        settings.cloudfront_url,
        settings.cloudfront_key_id,
        settings.cloudfront_private_key,
        settings.cloudfront_private_key_file,
    )
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
    yield from storage_problems_in_production(settings.storage_url)
    if not (settings.signing_keys or settings.signing_keys_file):
        yield "TARUVI_SIGNING_KEYS or _FILE: production needs keys; see `taruvi keys new`"


def _refused_in_production(settings: Settings) -> Iterator[str]:
    if _DEVELOPMENT.search(settings.signing_keys):
        yield "TARUVI_SIGNING_KEYS: these are the keys of `taruvi dev`"
    for name in ("DATABASE", "CACHE", "MAIL", "STORAGE"):
        yield from default_password(name, getattr(settings, f"{name.lower()}_url"))
    for domain in settings.base_domains:
        if domain.endswith(("localhost", "nip.io")):
            yield f"TARUVI_BASE_DOMAINS: {domain} is for development"
    for proxy in settings.trusted_proxies:
        if proxy.endswith("/0"):
            yield f"TARUVI_TRUSTED_PROXIES: {proxy} trusts everybody"
