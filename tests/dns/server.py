"""A real DNS server on loopback, UDP and TCP on one port, in threads of its own."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
from dns.rdata import from_text
from dns.rdataclass import IN

LARGEST_UDP = 1232


@dataclass
class DnsServer:
    """`records` has the TXT records of each name, each as zone files have it; without an entry there is no such name.

    `rcode` is what it answers instead of them; while it is `silent` it answers nothing.
    """

    records: dict[str, list[str]] = field(default_factory=dict)
    rcode: dns.rcode.Rcode | None = None
    silent: bool = False
    port: int = 0
    asked: list[str] = field(default_factory=list)

    @property
    def resolvers(self) -> tuple[str]:
        return (f"127.0.0.1:{self.port}",)

    def answer(self, wire: bytes) -> dns.message.Message:
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True)
        self.asked.append(name)
        response = dns.message.make_response(query, recursion_available=True)
        if self.rcode is not None or name not in self.records:
            response.set_rcode(dns.rcode.NXDOMAIN if self.rcode is None else self.rcode)
        elif texts := self.records[name]:
            rdatas = [from_text(IN, dns.rdatatype.TXT, text) for text in texts]
            response.answer.append(dns.rrset.from_rdata_list(question.name, 60, rdatas))
        return response


@contextmanager
def dns_server() -> Iterator[DnsServer]:
    server = DnsServer()

    class Udp(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            wire, socket = self.request
            response = server.answer(wire)
            answer = response.to_wire(max_size=65535)
            if len(answer) > LARGEST_UDP:
                response.answer.clear()
                response.flags |= dns.flags.TC
                answer = response.to_wire()
            if not server.silent:
                socket.sendto(answer, self.client_address)

    class Tcp(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            length = int.from_bytes(self.rfile.read(2), "big")
            answer = server.answer(self.rfile.read(length)).to_wire(max_size=65535)
            if not server.silent:
                self.wfile.write(len(answer).to_bytes(2, "big") + answer)

    with (
        socketserver.ThreadingUDPServer(("127.0.0.1", 0), Udp) as udp,
        socketserver.ThreadingTCPServer(("127.0.0.1", udp.server_address[1]), Tcp) as tcp,
    ):
        server.port = udp.server_address[1]
        threads = [_served(one) for one in (udp, tcp)]
        try:
            yield server
        finally:
            for one in (udp, tcp):
                one.shutdown()
            for thread in threads:
                thread.join()


def _served(server: Any) -> threading.Thread:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    return thread
