"""Which site a host name stands for, before anything is looked up."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(\.{_LABEL})*")
_PLATFORM_HOSTS = frozenset({"localhost", "127.0.0.1"})


@dataclass(frozen=True, slots=True)
class PlatformHost: ...


@dataclass(frozen=True, slots=True)
class SiteHost:
    """`<label>.<base domain>`: a site by its slug."""

    label: str


@dataclass(frozen=True, slots=True)
class CustomHost:
    """A domain of a customer's own, in lower-case ASCII (IDNA A-labels)."""

    domain: str


Destination: TypeAlias = PlatformHost | SiteHost | CustomHost


def is_host_name(text: str) -> bool:
    """Whether it is one in the form that routing reads: lower-case ASCII, without port and root dot."""
    return _HOST.fullmatch(text) is not None


def destination(host: str, base_domains: Sequence[str]) -> Destination | None:
    """Read a host name (lower-case ASCII, without port and root dot). None: no host name at all."""
    if not is_host_name(host):
        return None
    if host in _PLATFORM_HOSTS:
        return PlatformHost()
    for base in base_domains:
        if host in (base, f"app.{base}"):
            return PlatformHost()
        label, dot, parent = host.partition(".")
        if dot and parent == base:
            return SiteHost(label)
    return CustomHost(host)
