"""Running use cases from the command line, as the operator and in one scope."""

import getpass
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager

import msgspec
from dishka import AsyncContainer, Provider, from_context, provide
from dishka import Scope as Lifetime

from adapters.embedded.postgres import EmbeddedPostgres
from adapters.postgres.session import Trail
from application.tenancy.ports import SiteDirectory
from domain.shared.caller import Caller, Permission
from domain.tenancy.routing import SiteHost
from domain.tenancy.scope import PlatformScope, Scope
from entrypoints.cli.console import UserError
from entrypoints.cli.signals import undisturbed
from entrypoints.container import make_container
from entrypoints.identifiers import new_id
from entrypoints.settings import Settings
from entrypoints.stores import Postgres, StrongPasswords, TrailSource


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


@contextmanager
def database(settings: Settings, report: Callable[[str], None]) -> Iterator[Settings]:
    """The settings with a database that runs: the given one, or the embedded one for so long."""
    if settings.database_url:
        yield settings
        return
    with ExitStack() as embedded:
        url = embedded.enter_context(EmbeddedPostgres(settings.home, report=report))
        try:
            yield msgspec.structs.replace(settings, database_url=url)
        finally:
            with undisturbed():
                embedded.close()


@asynccontextmanager
async def application(settings: Settings) -> AsyncIterator[AsyncContainer]:
    container = make_container(settings, Postgres(), StrongPasswords(), Operator())
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
        scope = found.scope
    async with app(context={Scope: scope}) as container:
        yield container


def operator_label() -> str:
    return f"operator:{getpass.getuser()}"


def operator_trail(label: str) -> Trail:
    return Trail(actor=None, actor_label=label, request_id=f"cli-{new_id()}")
