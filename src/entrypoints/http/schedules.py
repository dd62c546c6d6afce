from typing import Any
from uuid import UUID

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, Request, delete, get, patch, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_202_ACCEPTED

from application.jobs.schedules.change_schedule import ChangeSchedule
from application.jobs.schedules.create_schedule import CreateSchedule
from application.jobs.schedules.delete_schedule import DeleteSchedule
from application.jobs.schedules.history import ScheduleHistory
from application.jobs.schedules.read_schedules import ListSchedules, ShowSchedule
from application.jobs.schedules.run_schedule import RunSchedule
from application.jobs.schedules.views import ScheduleView
from domain.jobs.schedule import ScheduleId
from entrypoints.http.answers import ETAG, LOCATION, answers
from entrypoints.http.etags import IfMatch, etag, seen_versions
from entrypoints.http.guards import platform_user
from entrypoints.http.history import AS_OF, Past
from entrypoints.http.history_wire import AsOfQuery
from entrypoints.http.json_response import JsonResponse
from entrypoints.http.lists import ListResponse, listed, listing
from entrypoints.http.schedule_answers import ScheduleAnswer, ScheduleStartResponse
from entrypoints.http.schedules_wire import (
    ChangeScheduleRequest,
    CreateScheduleRequest,
    ReplaceScheduleRequest,
    ScheduleListQuery,
)
from entrypoints.http.wire import StrictJson, from_query


class ScheduleController(Controller):
    """For admins of the platform."""

    path = "/api/schedules"
    tags = ("Schedules",)
    before_request = staticmethod(platform_user)
    security = ({"BearerToken": []},)

    @get(
        dependencies={"asked": Provide(from_query(ScheduleListQuery), sync_to_thread=False)},
        operation_class=listing(ScheduleListQuery),
        responses=answers(400),
    )
    @inject
    async def list_schedules(
        self,
        request: Request[Any, Any, Any],
        asked: NamedDependency[ScheduleListQuery],
        list_schedules: FromDishka[ListSchedules],
    ) -> ListResponse[ScheduleView]:
        """All schedules, by name; those that are built in among them."""
        return listed(await list_schedules(asked.as_query()), asked, request)

    @post(
        dto=StrictJson[CreateScheduleRequest],
        return_dto=None,
        response_headers=[ETAG, LOCATION],
        responses=answers(409, body=True),
    )
    @inject
    async def create_schedule(
        self,
        data: JSONBody[CreateScheduleRequest],
        create_schedule: FromDishka[CreateSchedule],
        answer: FromDishka[ScheduleAnswer],
    ) -> JsonResponse[ScheduleView]:
        """Have a job run at times to come: on the platform, in one site or in all that are active."""
        return await answer(await create_schedule(plan=data.plan(), site=data.site), created=True)

    @get("/{schedule_id:uuid}", response_headers=[ETAG], responses=answers(400), **AS_OF)
    @inject
    async def show_schedule(
        self,
        schedule_id: FromPath[UUID],
        show_schedule: FromDishka[ShowSchedule],
        asked: NamedDependency[AsOfQuery],
        past: FromDishka[Past],
    ) -> JsonResponse[ScheduleView]:
        """One schedule, with when it ran last and runs next."""
        if (then := await past(ScheduleHistory, asked, schedule_id=schedule_id)) is not None:
            return then
        schedule = await show_schedule(schedule_id=ScheduleId(schedule_id))
        return JsonResponse(schedule, headers=etag(schedule.version))

    @patch(
        "/{schedule_id:uuid}",
        dto=StrictJson[ChangeScheduleRequest],
        return_dto=None,
        response_headers=[ETAG],
        responses=answers(409, 412, body=True),
    )
    @inject
    async def change_schedule(
        self,
        schedule_id: FromPath[UUID],
        data: JSONBody[ChangeScheduleRequest],
        change_schedule: FromDishka[ChangeSchedule],
        answer: FromDishka[ScheduleAnswer],
        if_match: IfMatch = None,
    ) -> JsonResponse[ScheduleView]:
        """Change some fields of a schedule. Its times begin anew, for every scheduler within seconds."""
        changed = await change_schedule(
            schedule_id=ScheduleId(schedule_id),
            changes=data.changes(),
            site=data.site or None,
            seen=seen_versions(if_match),
        )
        return await answer(changed)

    @put(
        "/{schedule_id:uuid}",
        dto=StrictJson[ReplaceScheduleRequest],
        return_dto=None,
        response_headers=[ETAG],
        responses=answers(409, 412, body=True),
    )
    @inject
    async def replace_schedule(
        self,
        schedule_id: FromPath[UUID],
        data: JSONBody[ReplaceScheduleRequest],
        change_schedule: FromDishka[ChangeSchedule],
        answer: FromDishka[ScheduleAnswer],
        if_match: IfMatch = None,
    ) -> JsonResponse[ScheduleView]:
        """Write all fields of a schedule. Its times begin anew."""
        changed = await change_schedule(
            schedule_id=ScheduleId(schedule_id), changes=data.changes(), site=data.site, seen=seen_versions(if_match)
        )
        return await answer(changed)

    @delete("/{schedule_id:uuid}", responses=answers(412, 422))
    @inject
    async def delete_schedule(
        self,
        schedule_id: FromPath[UUID],
        delete_schedule: FromDishka[DeleteSchedule],
        if_match: IfMatch = None,
    ) -> None:
        """Delete a schedule; the jobs that it added stay. One that is built in is refused (422): disable it."""
        await delete_schedule(schedule_id=ScheduleId(schedule_id), seen=seen_versions(if_match))

    @post(
        "/{schedule_id:uuid}/run",
        status_code=HTTP_202_ACCEPTED,
        response_headers=[LOCATION],
        responses=answers(409),
    )
    @inject
    async def run_schedule(
        self,
        schedule_id: FromPath[UUID],
        run_schedule: FromDishka[RunSchedule],
        answer: FromDishka[ScheduleAnswer],
    ) -> JsonResponse[ScheduleStartResponse]:
        """Have its job run now, enabled or not; when it runs next stays as it is.

        Refused (409 `job_exists`) while the job of its last run has not ended. In all sites, those are passed over
        where it has not.
        """
        return await answer.started(await run_schedule(schedule_id=ScheduleId(schedule_id)))
