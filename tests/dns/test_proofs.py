"""The DNS adapter against a real server."""

import socket
from collections.abc import Iterator

import dns.rcode
import pytest

from adapters.dns.proofs import DnsDomainProofs
from domain.tenancy.domain import DnsUnavailableError
from tests.dns.server import DnsServer, dns_server

RECORD = "_taruvi-challenge.www.acme.example"
PROOF = "taruvi-verification=Zk1lZ0J2c3hQd0hVbm9xTGJ5cmpDdEFpRWZTZ1dhRGs"


@pytest.fixture
def server() -> Iterator[DnsServer]:
    with dns_server() as server:
        yield server


async def found(server: DnsServer, record: str = RECORD) -> frozenset[str]:
    proofs = DnsDomainProofs([("127.0.0.1", server.port)], try_seconds=0.2, longest_seconds=0.5)
    return await proofs.find(record)


async def test_finds_the_value_of_a_record(server: DnsServer) -> None:
    server.records[RECORD] = [f'"{PROOF}"']
    assert await found(server) == {PROOF}
    assert set(server.asked) == {RECORD}


async def test_finds_each_of_several_records(server: DnsServer) -> None:
    server.records[RECORD] = ['"v=spf1 -all"', f'"{PROOF}"', '"something else"']
    assert await found(server) == {"v=spf1 -all", PROOF, "something else"}


async def test_a_value_in_chunks_is_one_value(server: DnsServer) -> None:
    server.records[RECORD] = [f'"{PROOF[:7]}" "{PROOF[7:20]}" "{PROOF[20:]}"', f'"{"a" * 255}" "{"b" * 200}"']
    assert await found(server) == {PROOF, "a" * 255 + "b" * 200}


async def test_chunks_of_different_records_are_not_joined(server: DnsServer) -> None:
    server.records[RECORD] = [f'"{PROOF[:20]}"', f'"{PROOF[20:]}"']
    assert PROOF not in await found(server)


async def test_an_answer_too_large_for_udp_comes_by_tcp(server: DnsServer) -> None:
    server.records[RECORD] = [f'"{number}" "{"x" * 250}"' for number in range(20)] + [f'"{PROOF}"']
    assert len(await found(server)) == 21


async def test_bytes_that_are_no_text_break_nothing(server: DnsServer) -> None:
    server.records[RECORD] = [r'"\255\254"', f'"{PROOF}"']
    assert PROOF in await found(server)


async def test_no_such_name_is_an_answer(server: DnsServer) -> None:
    assert await found(server) == frozenset()


async def test_a_name_without_such_a_record_is_an_answer(server: DnsServer) -> None:
    server.records[RECORD] = []
    assert await found(server) == frozenset()


@pytest.mark.parametrize("rcode", [dns.rcode.SERVFAIL, dns.rcode.REFUSED, dns.rcode.NOTIMP])
async def test_a_failure_of_the_resolver_is_none(server: DnsServer, rcode: dns.rcode.Rcode) -> None:
    server.records[RECORD] = [f'"{PROOF}"']
    server.rcode = rcode
    with pytest.raises(DnsUnavailableError):
        await found(server)


async def test_silence_is_no_answer(server: DnsServer) -> None:
    server.silent = True
    with pytest.raises(DnsUnavailableError):
        await found(server)


async def test_a_resolver_that_is_down_gives_no_answer() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(DnsUnavailableError):
        await found(DnsServer(port=port))


async def test_the_next_resolver_is_asked_where_one_fails(server: DnsServer) -> None:
    server.records[RECORD] = [f'"{PROOF}"']
    with dns_server() as ill:
        ill.rcode = dns.rcode.SERVFAIL
        resolvers = [("127.0.0.1", ill.port), ("127.0.0.1", server.port)]
        assert await DnsDomainProofs(resolvers).find(RECORD) == {PROOF}
