from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, Final

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, Request, get
from litestar.di import NamedDependency, Provide

from application.tenancy.domains.check_domain import CheckDomain
from domain.tenancy.scope import PlatformScope
from entrypoints.host_names import asked_domain
from entrypoints.http.answers import answers
from entrypoints.http.context import RequestContext
from entrypoints.http.domains_wire import DomainCheckQuery, DomainCheckResponse
from entrypoints.http.guards import NotHereError
from entrypoints.http.hosts import is_among
from entrypoints.http.lists import listing
from entrypoints.http.wire import from_query
from entrypoints.settings import Settings

LOOPBACK: Final = ("127.0.0.0/8", "::1/128")


async def tls_server(request: Request[Any, Any, Any]) -> None:
    """Whoever asks from this machine or from an allowed network; to everybody else there is nothing here."""
    context: RequestContext = request.scope["state"]["context"]
    settings = await request.scope["state"]["dishka_container"].get(Settings)
    is_known = is_among(context.client.address, _networks(settings.tls_check_callers))
    if not isinstance(context.scope, PlatformScope) or not is_known:
        raise NotHereError("there is nothing here")


@lru_cache
def _networks(callers: tuple[str, ...]) -> list[IPv4Network | IPv6Network]:
    return [ip_network(network) for network in (*LOOPBACK, *callers)]


class DomainCheckController(Controller):
    """For servers that get certificates on demand (Caddy's `ask`): without a token."""

    path = "/api/domains"
    tags = ("Domains",)
    before_request = staticmethod(tls_server)

    @get(
        "/check",
        dependencies={"asked": Provide(from_query(DomainCheckQuery), sync_to_thread=False)},
        operation_class=listing(DomainCheckQuery),
        responses=answers(400, signed_in=False),
    )
    @inject
    async def check_domain(
        self, asked: NamedDependency[DomainCheckQuery], check_domain: FromDishka[CheckDomain]
    ) -> DomainCheckResponse:
        """Whether a certificate for a host is worth asking for. 404 if nothing of ours answers there.

        From the machine itself and from the networks in TARUVI_TLS_CHECK_CALLERS; to others it is not there.
        """
        host = asked_domain(asked.domain)
        await check_domain(host=host)
        return DomainCheckResponse(host)
