from collections.abc import Callable, Iterator
from functools import partial

import pytest

from tests.cli.conftest import Cli, Done
from tests.dns.server import DnsServer, dns_server

pytestmark = pytest.mark.postgres


@pytest.fixture
def server() -> Iterator[DnsServer]:
    with dns_server() as server:
        yield server


@pytest.fixture
def cli(bare_cli: Cli, empty_database_url: str) -> Cli:
    """`taruvi` on a database of the test's own: `reverify --all` means all."""
    cli = partial(bare_cli, TARUVI_DATABASE_URL=empty_database_url)
    assert cli("migrate").returncode == 0
    return cli


@pytest.fixture
def domains(cli: Cli, server: DnsServer) -> Callable[..., Done]:
    """`taruvi domains`, asking a DNS server of the test's own."""
    return partial(cli, "domains", TARUVI_DNS_RESOLVERS=",".join(server.resolvers))


def publish(server: DnsServer, shown: str) -> str:
    """The record that a command told to publish; the name of it."""
    record, value = shown.splitlines()[1].strip().split(". IN TXT ")
    server.records[record] = [value]
    return record


def test_a_domain_from_its_beginning_to_its_end(domains: Callable[..., Done], server: DnsServer, site: str) -> None:
    domain = f"xn--bcher-kva.{site}.example"
    assert domains("list", site).stdout.startswith(f"{site} has no domain yet")
    added = domains("add", site, f"Bücher.{site}.example").stdout
    assert added.startswith(f"added {domain}; publish this record:\n")
    assert added.endswith(f"next: taruvi domains verify {site} {domain}\n")
    early = domains("verify", site, domain)
    assert (early.returncode, early.stdout) == (1, "")
    assert f"not verified: _taruvi-challenge.{domain} has no TXT record" in early.stderr

    record = publish(server, added)
    assert domains("verify", site, domain).stdout == f"verified {domain}\n"
    assert " verified " in domains("list", site).stdout
    assert domains("reverify", "--all").stdout == "1 verified, 0 failed, 0 unknown\n"

    server.silent = True
    unknown = domains("reverify", "--all")
    assert (unknown.returncode, unknown.stdout) == (1, "0 verified, 0 failed, 1 unknown\n")
    assert domain in unknown.stderr
    server.silent = False
    del server.records[record]
    failed = domains("reverify", "--all")
    assert (failed.returncode, failed.stdout) == (0, f"failed: {domain}\n0 verified, 1 failed, 0 unknown\n")
    assert " failed " in domains("list", site).stdout
    assert domains("remove", site, domain).stdout == f"removed {domain}\n"
    assert domains("remove", site, domain).returncode == 1


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("add", "SITE", "acme.localhost"), 2, "domain: belongs to the platform"),
        (("add", "SITE", "☃.example"), 2, "domain: is not an international domain name"),
        (("add", "nobody", "acme.example"), 1, "there is no site 'nobody'"),
        (("verify", "SITE", "acme.example"), 1, "this site has no domain 'acme.example'"),
        (("list", "nobody"), 1, "there is no site 'nobody'"),
        (("reverify",), 2, "Missing option '--all'"),
    ],
)
def test_a_mistake_is_told(
    domains: Callable[..., Done], site: str, *, args: tuple[str, ...], code: int, message: str
) -> None:
    done = domains(*(arg.replace("SITE", site) for arg in args))
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
