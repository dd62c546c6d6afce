from typing import Annotated
from uuid import UUID

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, get
from litestar.di import NamedDependency, Provide
from msgspec import Meta, Struct

from application.tasks.dashboard_views import FEWEST_WEEKS, MOST_WEEKS, DashboardView
from application.tasks.show_dashboard import ShowDashboard
from entrypoints.http.answers import answers
from entrypoints.http.guards import site_user
from entrypoints.http.lists import listing
from entrypoints.http.wire import from_query

Weeks = Annotated[
    int, Meta(ge=FEWEST_WEEKS, le=MOST_WEEKS, description="How many weeks back, the present one included.")
]


class DashboardQuery(Struct, forbid_unknown_fields=True, frozen=True):
    project: Annotated[UUID, Meta(description="Only tasks of this project.")] | None = None
    weeks: Weeks = 12


class DashboardController(Controller):
    path = "/api/dashboard"
    tags = ("Tasks",)
    before_request = staticmethod(site_user)
    security = ({"BearerToken": []},)

    @get(
        dependencies={"asked": Provide(from_query(DashboardQuery), sync_to_thread=False)},
        operation_class=listing(DashboardQuery),
        responses=answers(400, permitted=False),
    )
    @inject
    async def show_dashboard(
        self, asked: NamedDependency[DashboardQuery], show_dashboard: FromDishka[ShowDashboard]
    ) -> DashboardView:
        """The tasks that the caller may view, in numbers.

        What is open, overdue, done in each ISO week, and who has how much to do. Days and weeks are those of UTC.
        """
        return await show_dashboard(project=asked.project, weeks=asked.weeks)
