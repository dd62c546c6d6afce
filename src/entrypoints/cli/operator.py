"""Running use cases from the command line, as the operator and in one scope."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dishka import AsyncContainer, Provider, from_context, provide
from dishka import Scope as Lifetime

from application.shared.trail import TrailSource
from application.tenancy.ports import SiteDirectory
from domain.shared.caller import Caller, Permission
from domain.tenancy.routing import SiteHost
from domain.tenancy.scope import PlatformScope, Scope
from entrypoints.cli.console import UserError
from entrypoints.cli.trail import operator_label, operator_trail
from entrypoints.container import make_container
from entrypoints.jobs import NoJob
from entrypoints.settings import Settings
from entrypoints.stores.passwords import StrongPasswords
from entrypoints.stores.postgres import Postgres
from entrypoints.stores.storage import S3Storage


class Operator(Provider):
    """Whoever has a shell on the machine may do everything; the history tells their login name."""

    scope = Lifetime.REQUEST
    tenant = from_context(Scope, scope=Lifetime.REQUEST)

    @provide
    def caller(self) -> Caller:
        return Caller(label=operator_label(), permissions=frozenset(Permission))

    @provide
    def trail(self, caller: Caller) -> TrailSource:
        trail = operator_trail(caller.label)
        return lambda: trail


@asynccontextmanager
async def application(settings: Settings, jobs: Provider | None = None) -> AsyncIterator[AsyncContainer]:
    """`jobs`: who is told how far something is, where that is anybody."""
    container = make_container(settings, Postgres(), S3Storage(), StrongPasswords(), Operator(), jobs or NoJob())
    try:
        yield container
    finally:
        await container.close()


@asynccontextmanager
async def acting_in(app: AsyncContainer, site: str | None = None) -> AsyncIterator[AsyncContainer]:
    """A container of use cases for one site (by slug), or for the platform."""
    scope: Scope = PlatformScope()
    if site is not None:
        found = await (await app.get(SiteDirectory)).find(SiteHost(site))
        if found is None:
            raise UserError(f"there is no site {site!r}; `taruvi sites list` shows what there is")
        if found.has_moved:
            raise UserError(f"the site {site!r} was renamed: it is {found.scope.slug!r} now")
        scope = found.scope
    async with app(context={Scope: scope}) as container:
        yield container
