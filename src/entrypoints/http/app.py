import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version
from typing import Final, TypeVar, cast

import structlog
from dishka import AsyncContainer
from dishka.integrations.litestar import setup_dishka
from litestar import Litestar
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme

from adapters.cache.site_directory import CachedSiteDirectory
from entrypoints.background import Workshop
from entrypoints.grantable import GRANTABLE
from entrypoints.http.docs.controller import DocsController
from entrypoints.http.docs.unrouted import Unrouted
from entrypoints.http.domain_check import DomainCheckController
from entrypoints.http.domains import DomainController
from entrypoints.http.edge import App, Edge
from entrypoints.http.entry import EntryController
from entrypoints.http.errors import DATABASE_LOST, EXCEPTION_HANDLERS
from entrypoints.http.grants import grants_on
from entrypoints.http.group_members import GroupMemberController
from entrypoints.http.groups import GroupController
from entrypoints.http.health import HealthController
from entrypoints.http.identity import (
    KeyController,
    PasswordController,
    SessionController,
    TokenController,
)
from entrypoints.http.invitations import InvitationController, InvitedController
from entrypoints.http.json_response import JsonResponse
from entrypoints.http.members import MemberController
from entrypoints.http.organization_sites import OrganizationSiteController
from entrypoints.http.organizations import OrganizationController
from entrypoints.http.pages.controllers import InvitationPage, PasswordResetPage
from entrypoints.http.password_reset import PasswordResetController
from entrypoints.http.profile import ProfileController
from entrypoints.http.projects import ProjectController
from entrypoints.http.site_steps import SiteStepController
from entrypoints.http.sites import SiteController
from entrypoints.http.users import UserController
from entrypoints.settings import Settings

DESCRIPTION = """\
Every customer has a *site* behind a host of its own, with users and data of its own. Resources of a site are at
`https://<site>.<domain>/api/…`, those of the platform at the domain itself; a token is good on the host that gave it
and on no other. The old host of a renamed site answers 308 to its new one for seven days. The auth endpoints answer
under `/api/cloud/auth/jwt/…` too.
"""


_log: Final = structlog.get_logger("taruvi.http")
_DATABASE_SECONDS: Final = 30
_CLOSING_SECONDS: Final = 10
_FINISHING_SECONDS: Final = 15

T = TypeVar("T")


def create_app(container: AsyncContainer, settings: Settings) -> Litestar:
    """The whole HTTP service. Closing it closes the container."""

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncGenerator[None]:
        directory = await _once_there(container, CachedSiteDirectory)
        app.asgi_handler = Edge(cast("App", app.asgi_handler), directory, settings)
        follower = asyncio.create_task(directory.follow())
        try:
            yield
            follower.cancel()
            with suppress(asyncio.CancelledError):
                await follower
            await (await container.get(Workshop)).runner.close(seconds=_FINISHING_SECONDS)
        finally:
            async with asyncio.timeout(_CLOSING_SECONDS):
                await container.close()

    app = Litestar(
        route_handlers=[
            TokenController,
            EntryController,
            SessionController,
            PasswordController,
            KeyController,
            PasswordResetController,
            InvitationController,
            InvitedController,
            InvitationPage,
            PasswordResetPage,
            OrganizationController,
            MemberController,
            SiteController,
            DomainController,
            DomainCheckController,
            SiteStepController,
            OrganizationSiteController,
            ProjectController,
            *map(grants_on, GRANTABLE),
            UserController,
            ProfileController,
            GroupController,
            GroupMemberController,
            HealthController,
            DocsController,
        ],
        response_class=JsonResponse,
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=[lifespan],
        openapi_config=OpenAPIConfig(
            title="Taruvi API",
            version=version("taruvi"),
            description=DESCRIPTION,
            use_handler_docstrings=True,
            openapi_router=Unrouted(),
            components=Components(
                security_schemes={"BearerToken": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT")}
            ),
        ),
        request_max_body_size=settings.max_body_bytes,
        logging_config=None,
    )
    setup_dishka(container, app)
    return app


async def _once_there(container: AsyncContainer, kind: type[T]) -> T:
    """A process that starts while the database is away, as one does that replaces another, waits for it."""
    deadline = time.monotonic() + _DATABASE_SECONDS
    while True:
        try:
            return await container.get(kind)
        except DATABASE_LOST as error:
            if time.monotonic() > deadline:
                raise
            _log.warning("waiting for the database", reason=repr(error))
            await asyncio.sleep(1)
