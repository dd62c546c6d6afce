"""From the bytes of a request to the host it is for and the client it is from."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, Final

from entrypoints.host_names import ascii_name

_AUTHORITY: Final = re.compile(r"(?P<host>[^:\[\]/?#@\\\s]+?)\.?(:(?P<port>[0-9]{0,5}))?")
_LONGEST: Final = 260


@dataclass(frozen=True, slots=True)
class Peer:
    """Whom a request comes from and which host it asks for, after trusted proxies were heard.

    `host` is lower-case ASCII without port and root dot, None if there is no sound one.
    """

    address: str
    scheme: str
    host: str | None
    origin: str


def read_peer(scope: Any, trusted: Sequence[IPv4Network | IPv6Network]) -> Peer:
    """Forwarded headers count only if the connection itself comes from a trusted proxy."""
    headers: dict[bytes, list[bytes]] = {}
    for name, value in scope["headers"]:
        if name in _READ:
            headers.setdefault(name, []).append(value)
    address: str = (scope.get("client") or ("", 0))[0]
    scheme: str = scope.get("scheme", "http")
    hosts = headers.get(b"host", [])
    if trusted and headers.keys() - {b"host"} and is_among(address, trusted):
        address = _client_behind(headers.get(b"x-forwarded-for", []), address, trusted)
        hosts = _last(headers.get(b"x-forwarded-host", [])) or hosts
        if _last(headers.get(b"x-forwarded-proto", [])) in ([b"http"], [b"https"]):
            scheme = _last(headers[b"x-forwarded-proto"])[0].decode()
    authority = hosts[0].decode("utf-8", "replace") if len(hosts) == 1 else ""
    host, port = read_authority(authority)
    shown = f"{host}:{port}" if port else host
    return Peer(address, scheme, host, f"{scheme}://{shown}")


def read_authority(authority: str) -> tuple[str | None, str | None]:
    """Host and port of a `Host` header; (None, None) if it is none.

    Case and one root dot do not matter; what is not ASCII becomes IDNA A-labels (UTS 46).
    """
    found = _AUTHORITY.fullmatch(authority) if len(authority) <= _LONGEST else None
    if found is None or (found["port"] and not 0 < int(found["port"]) < 65536):  # noqa: PLR2004  ports
        return None, None
    host = ascii_name(found["host"])
    if host is None:
        return None, None
    return host, str(int(found["port"])) if found["port"] else None


_READ: Final = frozenset({b"host", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto"})


def _last(values: list[bytes]) -> list[bytes]:
    """What the nearest proxy said: earlier elements may come from anybody."""
    return [values[-1].rpartition(b",")[2].strip()] if values else []


def _client_behind(values: list[bytes], address: str, trusted: Sequence[IPv4Network | IPv6Network]) -> str:
    """The last address on the way that is not one of our own proxies."""
    hops = b",".join(values).decode("ascii", "replace").split(",") if values else []
    for hop in reversed(hops):
        parsed = _address(_HOP.sub(r"\g<v6>\g<v4>", hop.strip()))
        if parsed is None:
            return address
        address = str(parsed)
        if not is_among(address, trusted):
            return address
    return address


def is_among(address: str, networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    """Whether it is an address of one of these networks."""
    parsed = _address(address)
    return parsed is not None and any(parsed in network for network in networks)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An IPv4 address that a socket for both kinds shows as IPv6 is the IPv4 address."""
    try:
        parsed = ip_address(text)
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed


_HOP: Final = re.compile(r"\A(?:\[(?P<v6>[0-9a-fA-F:.]+)\]|(?P<v4>[0-9.]+))(?::[0-9]{1,5})?\Z")
"""Some proxies add the port."""
