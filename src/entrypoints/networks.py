"""Addresses and networks as they are written in settings."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from ipaddress import ip_address, ip_network
from typing import Final
from urllib.parse import parse_qs, urlsplit

_RESOLVER: Final = re.compile(
    r"(?:(?P<v4>[0-9.]+)|\[(?P<v6>[0-9a-fA-F:.]+)\])(?::(?P<port>[0-9]{1,5}))?|(?P<bare>[0-9a-fA-F:.]+)"
)

_REDIS_PATH: Final = re.compile(r"[0-9]{0,3}")
_DEFAULT_PASSWORDS: Final = frozenset(
    ("postgres", "password", "taruvi", "guest", "redis", "secret", "changeme", "for-development-only", "minioadmin")
)


def read_resolvers(texts: Iterable[str]) -> list[tuple[str, int]]:
    """Address and port of each DNS resolver. Raise `ValueError` for what is none."""
    return [_read(text) for text in texts]


def wrong_resolvers(variable: str, texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        try:
            _read(text)
        except ValueError as error:
            yield f"{variable}: {error}"


def wrong_networks(variable: str, texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        try:
            ip_network(text)
        except ValueError as error:
            yield f"{variable}: {error}"


def _read(text: str) -> tuple[str, int]:
    found = _RESOLVER.fullmatch(text)
    port = int(found["port"] or 53) if found else 0
    if found is None or not 0 < port < 65536:  # noqa: PLR2004  ports
        raise ValueError(f"{text!r} is not an address like 9.9.9.9, 9.9.9.9:53 or [2620:fe::fe]:53")
    return str(ip_address(found["v4"] or found["v6"] or found["bare"])), port


def wrong_url(name: str, url: str, schemes: tuple[str, ...]) -> Iterator[str]:
    """Never with the address itself: it may have a password."""
    try:
        parts = urlsplit(url)
        if url and parts.scheme not in schemes:
            yield f"TARUVI_{name}_URL: must begin with {schemes[0]}://"
        _ = parts.port
    except ValueError as error:
        yield f"TARUVI_{name}_URL: is no address: {error}"


def wrong_cache_url(url: str) -> Iterator[str]:
    yield from wrong_url("CACHE", url, ("redis", "rediss"))
    if not _REDIS_PATH.fullmatch(url.partition("://")[2].partition("?")[0].partition("/")[2]):
        yield "TARUVI_CACHE_URL: what follows the host must be the number of a Redis database, like /0"


def default_password(name: str, url: str) -> Iterator[str]:
    """Of an address that `wrong_url` finds sound: of another one nothing is told."""
    with suppress(ValueError):
        parts = urlsplit(url)
        if {parts.password, *parse_qs(parts.query).get("password", ())} & _DEFAULT_PASSWORDS:
            yield f"TARUVI_{name}_URL: the password is a default one"
