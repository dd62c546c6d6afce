from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from dishka import AsyncContainer
from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, Request, get, post
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK

from application.audit.ports import TrackedResource
from application.audit.read_history import ListHistory, ShowHistoryEntry, ShowPast
from application.audit.revert_to_entry import RevertToEntry
from application.audit.views import HistoryEntryView
from domain.audit.entry import HistoryEntryId
from entrypoints.audited import Hosts, Place
from entrypoints.host_names import asked_domain
from entrypoints.http.answers import ETAG, Responses, answers
from entrypoints.http.etags import IfMatch, seen_versions
from entrypoints.http.guards import platform_user, signed_in, site_user
from entrypoints.http.history_wire import AsOfQuery, HistoryListQuery
from entrypoints.http.json_response import JsonResponse
from entrypoints.http.lists import ListResponse, listed, listing
from entrypoints.http.wire import from_query

_GUARDS: Final = {Hosts.SITES: site_user, Hosts.PLATFORM: platform_user, Hosts.ALL: signed_in}


@dataclass(frozen=True, slots=True)
class Past:
    """The answer to a question with `as_of`: a resource as it was."""

    container: AsyncContainer
    show_past: ShowPast

    async def __call__(
        self, resource: type[TrackedResource], asked: AsOfQuery, **key: object
    ) -> JsonResponse[Any] | None:
        """None where no time was asked for."""
        if (at := asked.time) is None:
            return None
        return JsonResponse(await self.show_past(await self.container.get(resource), key=key, at=at))


AS_OF: Final[dict[str, Any]] = {
    "dependencies": {"asked": Provide(from_query(AsOfQuery), sync_to_thread=False)},
    "operation_class": listing(AsOfQuery),
}
"""What the operation that shows a resource takes to show it as it was, too."""


def history_of(place: Place) -> type[Controller]:
    """The history of every resource of one kind."""
    noun = place.resource.kind.noun
    names = {
        "path": f"{place.path}/history",
        "before_request": staticmethod(_GUARDS[place.hosts]),
        "resource": place.resource,
        "refusals": {
            "list": answers(400, *place.hidden, permitted=False),
            "show": answers(*place.hidden, permitted=False),
            "revert": answers(*place.refused, permitted=False),
        },
    }
    return type(f"{noun.title()}HistoryController", (HistoryController,), names)


class HistoryController(Controller):
    tags = ("History",)
    security = ({"BearerToken": []},)
    resource: ClassVar[type[TrackedResource]]
    refusals: ClassVar[dict[str, Responses]]

    def get_route_handlers(self) -> list[BaseRouteHandler]:
        """Each operation is named after the kind of resource: `listProjectHistory`."""
        handlers = super().get_route_handlers()
        for handler in handlers:
            if isinstance(handler, HTTPRouteHandler):
                verb, _, rest = handler.handler_name.partition("_")
                handler.summary = f"{verb} {self.resource.kind.noun} {rest}".replace("_", " ").title()
                handler.responses = self.refusals[verb]
        return handlers

    @get(
        dependencies={"asked": Provide(from_query(HistoryListQuery), sync_to_thread=False)},
        operation_class=listing(HistoryListQuery),
    )
    @inject
    async def list_history(
        self,
        request: Request[Any, Any, Any],
        asked: NamedDependency[HistoryListQuery],
        list_history: FromDishka[ListHistory],
        container: FromDishka[AsyncContainer],
    ) -> ListResponse[HistoryEntryView]:
        """Who changed what and when, newest first, for whoever may view the resource; of a deleted one, for whoever
        may view all of its kind.
        """
        resource = await container.get(self.resource)
        return listed(await list_history(resource, key=_key(request), query=asked.as_query()), asked, request)

    @get("/{entry_id:int}")
    @inject
    async def show_history_entry(
        self,
        request: Request[Any, Any, Any],
        entry_id: FromPath[int],
        show_entry: FromDishka[ShowHistoryEntry],
        container: FromDishka[AsyncContainer],
    ) -> HistoryEntryView:
        """One change, field by field: what it was and what it became."""
        resource = await container.get(self.resource)
        return await show_entry(resource, key=_key(request), entry_id=HistoryEntryId(entry_id))

    @post("/{entry_id:int}/revert", status_code=HTTP_200_OK, response_headers=[ETAG])
    @inject
    async def revert_to_entry(
        self,
        request: Request[Any, Any, Any],
        entry_id: FromPath[int],
        revert_to_entry: FromDishka[RevertToEntry],
        container: FromDishka[AsyncContainer],
        if_match: IfMatch = None,
    ) -> JsonResponse[HistoryEntryView]:
        """Make the resource what it was after this change (before it, if it was the deletion).

        It is a change of the fields that clients write, by the rules and permissions of one, and the answer is the
        new entry; `ETag` is the resource's. What was deleted is made anew where its kind allows it. 422
        `cannot_revert`: it takes another step than a change; `nothing_to_revert`: it is so already.
        """
        resource = await container.get(self.resource)
        entry = await revert_to_entry(
            resource, key=_key(request), entry_id=HistoryEntryId(entry_id), seen=seen_versions(if_match)
        )
        return JsonResponse(entry, headers={"ETag": f'"{entry.changes["version"][1]}"'})


def _key(request: Request[Any, Any, Any]) -> Mapping[str, Any]:
    """The parameters of the resource's own path."""
    key = dict(request.path_params)
    return key | {"domain": asked_domain(key["domain"])} if "domain" in key else key
