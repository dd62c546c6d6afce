from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from importlib.metadata import version

from dishka import AsyncContainer
from litestar import Litestar
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme

from entrypoints.audited import AUDITED
from entrypoints.grantable import GRANTABLE
from entrypoints.http.backups import BackupController
from entrypoints.http.beside import jobs_beside
from entrypoints.http.dashboard import DashboardController
from entrypoints.http.docs.controller import DocsController
from entrypoints.http.docs.unrouted import Unrouted
from entrypoints.http.domain_check import DomainCheckController
from entrypoints.http.domains import DomainController
from entrypoints.http.entry import EntryController
from entrypoints.http.errors import EXCEPTION_HANDLERS
from entrypoints.http.files import FileController
from entrypoints.http.grants import grants_on
from entrypoints.http.group_members import GroupMemberController
from entrypoints.http.groups import GroupController
from entrypoints.http.health import HealthController
from entrypoints.http.history import history_of
from entrypoints.http.identity import (
    KeyController,
    PasswordController,
    SessionController,
    TokenController,
)
from entrypoints.http.imports import ImportController
from entrypoints.http.invitations import InvitationController, InvitedController
from entrypoints.http.jobs import JobController
from entrypoints.http.json_response import JsonResponse
from entrypoints.http.members import MemberController
from entrypoints.http.organization_sites import OrganizationSiteController
from entrypoints.http.organizations import OrganizationController
from entrypoints.http.pages.controllers import InvitationPage, PasswordResetPage
from entrypoints.http.password_reset import PasswordResetController
from entrypoints.http.profile import ProfileController
from entrypoints.http.projects import ProjectController
from entrypoints.http.reports import ReportController
from entrypoints.http.schedules import ScheduleController
from entrypoints.http.serving import serving
from entrypoints.http.site_moves import SiteMoveController
from entrypoints.http.site_steps import SiteStepController
from entrypoints.http.sites import SiteController
from entrypoints.http.tasks import TaskController
from entrypoints.http.users import UserController
from entrypoints.settings import Settings

DESCRIPTION = """\
Every customer has a *site* behind a host of its own, with users and data of its own. Resources of a site are at
`https://<site>.<domain>/api/…`, those of the platform at the domain itself; a token is good on the host that gave it
and on no other. The old host of a renamed site answers 308 to its new one for seven days. The auth endpoints answer
under `/api/cloud/auth/jwt/…` too.
"""


def create_app(container: AsyncContainer, settings: Settings) -> Litestar:
    """The whole HTTP service, with what the settings have run beside it. Closing it closes the container."""
    return routed(
        settings.max_body_bytes, lambda app: serving(app, container, settings), lambda _: jobs_beside(settings)
    )


def routed(max_body_bytes: int, *lifespan: Callable[[Litestar], AbstractAsyncContextManager[None]]) -> Litestar:
    """Every path of the API. It answers while it is `serving`."""
    return Litestar(
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
            SiteMoveController,
            BackupController,
            OrganizationSiteController,
            ProjectController,
            TaskController,
            DashboardController,
            FileController,
            ReportController,
            ImportController,
            *map(grants_on, GRANTABLE),
            *map(history_of, AUDITED),
            JobController,
            ScheduleController,
            UserController,
            ProfileController,
            GroupController,
            GroupMemberController,
            HealthController,
            DocsController,
        ],
        response_class=JsonResponse,
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=lifespan,
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
        request_max_body_size=max_body_bytes,
        logging_config=None,
    )
