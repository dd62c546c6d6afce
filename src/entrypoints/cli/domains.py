import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Final

import click
from dishka import AsyncContainer
from rich.table import Table

from application.shared.page import PageRequest
from application.tenancy.domains.add_domain import AddDomain
from application.tenancy.domains.read_domains import ListDomains
from application.tenancy.domains.remove_domain import RemoveDomain
from application.tenancy.domains.reverify_domain import ListVerifiedDomains, ReverifyDomain
from application.tenancy.domains.verify_domain import VerifyDomain
from application.tenancy.domains.views import DomainQuery, DomainView
from domain.tenancy.domain import MOST_DOMAINS, DnsUnavailableError, DomainId
from entrypoints.cli.console import UserError, err, out
from entrypoints.cli.operator import acting_in, application
from entrypoints.cli.run import command
from entrypoints.host_names import asked_domain, typed_domain
from entrypoints.settings import Settings

_AT_ONCE: Final = 16
"""Questions to DNS that are under way together."""
_UNKNOWN: Final = "unknown"


@click.group()
def domains() -> None:
    """List, add, verify and remove the custom domains of sites."""


@domains.command("list")
@click.argument("site")
@command
async def list_(settings: Settings, site: str) -> None:
    """List the domains of a site."""
    table = Table("domain", "status", "primary", "checked", "TXT value", box=None, pad_edge=False)
    query = DomainQuery(page=PageRequest(size=MOST_DOMAINS))
    async with application(settings) as app, acting_in(app) as container:
        for one in (await (await container.get(ListDomains))(slug=site, query=query)).results:
            checked = one.checked_at.isoformat(timespec="seconds") if one.checked_at else "never"
            table.add_row(one.domain, one.status, "yes" if one.is_primary else "no", checked, one.verification.value)
    if table.row_count:
        out.print(table)
    else:
        out.print(f"{site} has no domain yet: taruvi domains add --help")


@domains.command()
@click.argument("site")
@click.argument("domain")
@command
async def add(settings: Settings, site: str, domain: str) -> None:
    """Claim a domain for a site, and show the TXT record that proves control over it.

    \b
    Example:
      taruvi domains add acme-berlin www.acme.example
    """
    async with application(settings) as app, acting_in(app) as container:
        added = await (await container.get(AddDomain))(slug=site, domain=typed_domain(domain))
    out.print(f"added {added.domain}; publish this record:")
    out.print(f'  {added.record}. IN TXT "{added.proof}"')
    out.print(f"next: taruvi domains verify {site} {added.domain}")


@domains.command()
@click.argument("site")
@click.argument("domain")
@command
async def verify(settings: Settings, site: str, domain: str) -> None:
    """Look for a domain's TXT record now."""
    async with application(settings) as app, acting_in(app) as container:
        found = await (await container.get(VerifyDomain))(slug=site, domain=asked_domain(domain))
    if not found.is_verified:
        raise UserError(f"not verified: {found.record} has no TXT record {found.proof!r}")
    out.print(f"verified {found.domain}")


@domains.command()
@click.option("--all", "all_", is_flag=True, required=True, help="Of all sites.")
@command
async def reverify(settings: Settings, *, all_: bool) -> None:  # noqa: ARG001  it is required, so it is true
    """Look again for the TXT record of every verified domain. One that is gone ends the domain.

    Ends with 1 if DNS gave no answer about a domain; that one stays as it is. Meant for cron, every hour or so.
    """
    counts: Counter[str] = Counter()
    places = asyncio.Semaphore(_AT_ONCE)
    async with application(settings) as app:
        async for some in _verified(app):
            counts.update(await asyncio.gather(*(_checked(app, one, places) for one in some)))
    out.print(", ".join(f"{counts[status]} {status}" for status in ("verified", "failed", _UNKNOWN)))
    if counts[_UNKNOWN]:
        raise UserError("DNS gave no answer about some domains; they stay as they are")


@domains.command()
@click.argument("site")
@click.argument("domain")
@command
async def remove(settings: Settings, site: str, domain: str) -> None:
    """Give a domain up: the site answers there no more within 5 seconds."""
    name = asked_domain(domain)
    async with application(settings) as app, acting_in(app) as container:
        await (await container.get(RemoveDomain))(slug=site, domain=name, seen=None)
    out.print(f"removed {name}")


async def _verified(app: AsyncContainer) -> AsyncIterator[list[DomainView]]:
    after: DomainId | None = None
    while True:
        async with acting_in(app) as container:
            some = list(await (await container.get(ListVerifiedDomains))(after=after, limit=100))
        if not some:
            return
        yield some
        after = DomainId(some[-1].id)


async def _checked(app: AsyncContainer, one: DomainView, places: asyncio.Semaphore) -> str:
    """What became of it; each with a transaction of its own."""
    async with places, acting_in(app) as container:
        try:
            domain = await (await container.get(ReverifyDomain))(domain_id=DomainId(one.id))
        except DnsUnavailableError as error:
            err.print(f"{one.domain}: {error}")
            return _UNKNOWN
    if domain is None:
        return "removed"
    if not domain.is_verified:
        out.print(f"failed: {domain.domain}")
    return domain.status.value
