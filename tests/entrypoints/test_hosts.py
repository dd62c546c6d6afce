from ipaddress import ip_network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.tenancy.routing import SiteHost, destination
from entrypoints.http.hosts import Peer, read_authority, read_peer

BASES = ("localhost",)
PROXIES = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]
Headers = list[tuple[str, str]]


def a_peer(headers: Headers, client: str = "198.51.100.7", scheme: str = "http") -> Peer:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers]
    return read_peer({"headers": raw, "client": (client, 1234), "scheme": scheme}, PROXIES)


@pytest.mark.parametrize(
    ("authority", "host", "port"),
    [
        ("acme.localhost", "acme.localhost", None),
        ("ACME.LocalHost", "acme.localhost", None),
        ("acme.localhost.", "acme.localhost", None),
        ("acme.localhost.:8000", "acme.localhost", "8000"),
        ("acme.localhost:8000", "acme.localhost", "8000"),
        ("acme.localhost:08000", "acme.localhost", "8000"),
        ("acme.localhost:", "acme.localhost", None),
        ("acme.localhost:1", "acme.localhost", "1"),
        ("acme.localhost:65535", "acme.localhost", "65535"),
        ("bücher.example", "xn--bcher-kva.example", None),
        ("BÜCHER.example", "xn--bcher-kva.example", None),
        ("xn--bcher-kva.example", "xn--bcher-kva.example", None),
        ("ａｃｍｅ.localhost", "acme.localhost", None),
        ("acme。localhost", "acme.localhost", None),
    ],
)
def test_reads_host_and_port(authority: str, host: str, port: str | None) -> None:
    assert read_authority(authority) == (host, port)


@pytest.mark.parametrize(
    "authority",
    [
        "",
        ".",
        " ",
        "acme.localhost ",
        ":8000",
        "acme.localhost:0",
        "acme.localhost:65536",
        "acme.localhost:99999",
        "acme.localhost:100000",
        "acme.localhost:-1",
        "acme.localhost:8o",
        "acme.localhost:٨",
        "acme.localhost:80:80",
        "user@acme.localhost",
        "user:password@acme.localhost",
        "acme.localhost/",
        "acme.localhost?x",
        "acme.localhost#x",
        "acme.localhost\\",
        "http://acme.localhost",
        "[::1]",
        "[::1]:8000",
        "::1",
        "[acme.localhost]",
        "acme\x00.localhost",
        "acme\r\n.localhost",
        "\ufffd.localhost",
        "☃\u200d.localhost",
        "a℀b.localhost",
        "acme.localhost, client2.localhost",
        f"{'a' * 254}",
        f"{'ü' * 200}.localhost",
    ],
)
def test_what_is_no_sound_authority_leads_nowhere(authority: str) -> None:
    host, _ = read_authority(authority)
    assert host is None or destination(host, BASES) is None


@given(st.text(max_size=300))
@example("\ud800.localhost")
@example("xn--\u00fc.localhost")
@example("\u06dd.localhost")
def test_reading_an_authority_never_fails(authority: str) -> None:
    read_authority(authority)


@given(st.text(max_size=30), st.sampled_from(["", ".", ":80", ".:80", ":0", "@x", "/"]))
@example("ａｃｍｅ", "")
@example("x@acme", "")
@example("acme/x", "")
@example("acme#", "")
def test_a_request_never_gets_to_a_site_that_its_host_does_not_name(label: str, rest: str) -> None:
    host, _ = read_authority(f"{label}.localhost{rest}")
    found = destination(host, BASES) if host else None
    if isinstance(found, SiteHost) and label.isascii():
        assert (found.label, rest in {"", ".", ":80", ".:80"}) == (label.lower(), True)


def test_the_origin_is_what_the_client_typed() -> None:
    assert a_peer([("Host", "Acme.localhost:8000")]) == Peer(
        "198.51.100.7", "http", "acme.localhost", "http://acme.localhost:8000"
    )


@pytest.mark.parametrize("headers", [[], [("Host", "acme.localhost"), ("Host", "client2.localhost")]])
def test_there_is_one_host_header_or_no_host(headers: Headers) -> None:
    assert a_peer(headers).host is None


def test_a_request_without_a_client_address_is_from_nobody_known() -> None:
    scope = {"headers": [(b"host", b"localhost"), (b"x-forwarded-for", b"1.2.3.4")], "client": None}
    assert read_peer(scope, PROXIES).address == ""


FORWARDED = [
    ("Host", "inner"),
    ("X-Forwarded-Host", "acme.localhost"),
    ("X-Forwarded-For", "203.0.113.9"),
    ("X-Forwarded-Proto", "https"),
]


def test_a_trusted_proxy_is_believed() -> None:
    seen = a_peer(FORWARDED, client="10.1.2.3")
    assert seen == Peer("203.0.113.9", "https", "acme.localhost", "https://acme.localhost")


@pytest.mark.parametrize("client", ["198.51.100.7", "11.0.0.1", "fe80::1", "", "unix:"])
def test_nobody_else_is(client: str) -> None:
    assert a_peer(FORWARDED, client=client) == Peer(client, "http", "inner", "http://inner")


@pytest.mark.parametrize("client", ["fd00::5", "::ffff:10.1.2.3"])
def test_a_proxy_may_speak_ipv6(client: str) -> None:
    assert a_peer(FORWARDED, client=client).address == "203.0.113.9"


@pytest.mark.parametrize(
    ("hops", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9, 10.0.0.2, 10.0.0.3", "203.0.113.9"),
        ("10.0.0.9, 10.0.0.2", "10.0.0.9"),
        ("1.1.1.1, nonsense, 10.0.0.2", "10.0.0.2"),
        ("nonsense", "10.1.2.3"),
        ("", "10.1.2.3"),
        ("2001:db8::7", "2001:db8::7"),
        ("2001:DB8:0::7", "2001:db8::7"),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ("203.0.113.9:5123", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, ::ffff:10.0.0.2", "203.0.113.9"),
        ("1.1.1.1\x00", "10.1.2.3"),
    ],
)
def test_the_client_is_the_last_on_the_way_that_is_not_ours(hops: str, address: str) -> None:
    assert a_peer([("Host", "localhost"), ("X-Forwarded-For", hops)], client="10.1.2.3").address == address


def test_several_headers_are_one_way() -> None:
    hops = [("X-Forwarded-For", "1.1.1.1"), ("X-Forwarded-For", "203.0.113.9, 10.0.0.2")]
    assert a_peer([("Host", "localhost"), *hops], client="10.1.2.3").address == "203.0.113.9"


def test_a_forwarded_host_replaces_two_that_were_sent() -> None:
    hosts = [("Host", "a.localhost"), ("Host", "b.localhost"), ("X-Forwarded-Host", "acme.localhost")]
    assert a_peer(hosts, client="10.1.2.3").host == "acme.localhost"


@pytest.mark.parametrize(
    ("said", "scheme"), [("https", "https"), ("http, https", "https"), ("ftp", "http"), ("", "http")]
)
def test_only_schemes_of_the_web_are_believed(said: str, scheme: str) -> None:
    assert a_peer([("Host", "localhost"), ("X-Forwarded-Proto", said)], client="10.1.2.3").scheme == scheme


def test_the_nearest_proxy_says_which_host() -> None:
    seen = a_peer([("Host", "inner"), ("X-Forwarded-Host", "evil.example, acme.localhost:8443")], client="10.1.2.3")
    assert (seen.host, seen.origin) == ("acme.localhost", "http://acme.localhost:8443")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["host", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"]),
            st.binary(max_size=40),
        )
    )
)
def test_no_bytes_make_it_fail(headers: list[tuple[str, bytes]]) -> None:
    raw = [(name.encode(), value) for name, value in headers]
    read_peer({"headers": raw, "client": ("10.1.2.3", 1)}, PROXIES)
