"""What is wrong with settings that are each right by themselves: a line for every problem."""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final

from domain.tenancy.routing import is_host_name
from entrypoints.file_types import wrong_types
from entrypoints.mail_problems import mail_problems, mail_problems_in_production
from entrypoints.networks import default_password, wrong_cache_url, wrong_networks, wrong_resolvers, wrong_url
from entrypoints.settings import DEVELOPMENT_KEY, Settings
from entrypoints.storage_problems import cloudfront_problems, storage_problems, storage_problems_in_production

_DEVELOPMENT: Final = re.compile(rf'"kid"\s*:\s*"{DEVELOPMENT_KEY}')


def settings_problems(settings: Settings) -> Iterator[str]:
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
