import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.tenancy.routing import CustomHost, Destination, PlatformHost, SiteHost, destination, is_host_name

BASES = ("localhost", "127.0.0.1.nip.io")
LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("localhost", PlatformHost()),
        ("127.0.0.1", PlatformHost()),
        ("127.0.0.1.nip.io", PlatformHost()),
        ("app.localhost", PlatformHost()),
        ("app.127.0.0.1.nip.io", PlatformHost()),
        ("acme.localhost", SiteHost("acme")),
        ("acme.127.0.0.1.nip.io", SiteHost("acme")),
        ("xn--80ak6aa92e.localhost", SiteHost("xn--80ak6aa92e")),
        ("0.localhost", SiteHost("0")),
        ("x.acme.localhost", CustomHost("x.acme.localhost")),
        ("app.acme.localhost", CustomHost("app.acme.localhost")),
        ("shop.example.com", CustomHost("shop.example.com")),
        ("acme", CustomHost("acme")),
        ("acmelocalhost", CustomHost("acmelocalhost")),
        ("127.0.0.2", CustomHost("127.0.0.2")),
        ("nip.io", CustomHost("nip.io")),
    ],
)
def test_reads_a_host(host: str, found: Destination) -> None:
    assert destination(host, BASES) == found


@pytest.mark.parametrize(
    "host",
    [
        "",
        ".",
        ".localhost",
        "localhost.",
        "acme..localhost",
        "-acme.localhost",
        "acme-.localhost",
        "ac_me.localhost",
        "Acme.localhost",
        "acmé.localhost",
        "acme.localhost\n",
        "acme.localhost:80",
        "acme localhost",
        "[::1]",
        "*.localhost",
        f"{'a' * 64}.localhost",
        ".".join(["a" * 63] * 4),
    ],
)
def test_what_is_no_host_name_leads_nowhere(host: str) -> None:
    assert destination(host, BASES) is None
    assert not is_host_name(host)


def test_a_label_may_have_63_characters_and_a_name_253() -> None:
    assert destination(f"{'a' * 63}.localhost", BASES) == SiteHost("a" * 63)
    assert destination(".".join(["a" * 63] * 3 + ["a" * 61]), BASES) is not None
    assert destination(".".join(["a" * 63] * 3 + ["a" * 62]), BASES) is None


def test_a_base_domain_is_the_platform_even_below_another_one() -> None:
    bases = ("example.com", "apps.example.com")

    assert destination("apps.example.com", bases[::-1]) == PlatformHost()
    assert destination("acme.apps.example.com", bases) == SiteHost("acme")


@given(st.text(max_size=300))
def test_never_fails(host: str) -> None:
    destination(host, BASES)


@given(LABEL, st.sampled_from(BASES))
def test_a_site_is_the_one_label_before_a_base_domain(label: str, base: str) -> None:
    expected: Destination = PlatformHost() if label == "app" else SiteHost(label)
    assert destination(f"{label}.{base}", BASES) == expected


@given(st.one_of(st.text(max_size=80), st.lists(LABEL, max_size=6).map(".".join)), st.sampled_from(["", *BASES]))
def test_a_site_is_never_found_for_another_name_than_its_own(prefix: str, base: str) -> None:
    host = f"{prefix}.{base}".strip(".")
    found = destination(host, BASES)
    if isinstance(found, SiteHost):
        assert host in {f"{found.label}.{each}" for each in BASES}
    if isinstance(found, CustomHost):
        assert found.domain == host
