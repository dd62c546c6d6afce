from typing import Any, ClassVar
from uuid import UUID

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, Request, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from application.access.grant_views import GrantView
from application.access.read_grants import ListGrants, ShowGrant
from application.access.revoke_grant import RevokeGrant
from application.access.share_object import ShareObject
from domain.access.grant import GrantId
from domain.shared.grantable import Grantable
from entrypoints.http.answers import ETAG, LOCATION, answers, replaced
from entrypoints.http.etags import IfMatch, etag, seen_versions
from entrypoints.http.grants_wire import GrantListQuery, ShareObjectRequest
from entrypoints.http.guards import site_user
from entrypoints.http.json_response import JsonResponse
from entrypoints.http.lists import ListResponse, listed, listing
from entrypoints.http.wire import StrictJson, from_query


def grants_on(kind: Grantable) -> type[Controller]:
    """The resource of the grants on every object of one kind."""
    names = {"path": f"/api/{kind.resource}/{{object_id:uuid}}/grants", "kind": kind}
    return type(f"{kind.noun.title()}GrantController", (GrantController,), names)


class GrantController(Controller):
    tags = ("Grants",)
    before_request = staticmethod(site_user)
    security = ({"BearerToken": []},)
    kind: ClassVar[Grantable]

    def get_route_handlers(self) -> list[BaseRouteHandler]:
        """Each operation is named after the kind of object: `listProjectGrants`."""
        handlers = super().get_route_handlers()
        for handler in handlers:
            if isinstance(handler, HTTPRouteHandler):
                verb, _, rest = handler.handler_name.partition("_")
                handler.summary = f"{verb} {self.kind.noun} {rest}".title()
        return handlers

    @get(
        dependencies={"asked": Provide(from_query(GrantListQuery), sync_to_thread=False)},
        operation_class=listing(GrantListQuery),
        responses=answers(400, permitted=False),
    )
    @inject
    async def list_grants(
        self,
        request: Request[Any, Any, Any],
        object_id: FromPath[UUID],
        asked: NamedDependency[GrantListQuery],
        list_grants: FromDishka[ListGrants],
    ) -> ListResponse[GrantView]:
        """The grants on an object, oldest first. Who may not share it sees those to them and to their groups."""
        return listed(await list_grants(self.kind, object_id=object_id, query=asked.as_query()), asked, request)

    @post(
        dto=StrictJson[ShareObjectRequest],
        return_dto=None,
        response_headers=[ETAG, LOCATION],
        responses=answers(body=True) | replaced(GrantView),
    )
    @inject
    async def share(
        self,
        object_id: FromPath[UUID],
        data: JSONBody[ShareObjectRequest],
        share_object: FromDishka[ShareObject],
    ) -> JsonResponse[GrantView]:
        """Let a user or a group do something with an object. A grant that they have on it already is replaced (200).

        It takes `share` on the object, and one passes on at most what one may do with it oneself.
        """
        grant = await share_object(
            self.kind,
            object_id=object_id,
            user=data.user_id,
            group=data.group_id,
            permissions=frozenset(data.permissions),
        )
        location = {"Location": f"/api/{self.kind.resource}/{object_id}/grants/{grant.id}/"}
        return JsonResponse(
            GrantView.of(grant),
            status_code=HTTP_201_CREATED if grant.version == 1 else HTTP_200_OK,
            headers=etag(grant.version) | location,
        )

    @get("/{grant_id:uuid}", response_headers=[ETAG], responses=answers(permitted=False))
    @inject
    async def show_grant(
        self, object_id: FromPath[UUID], grant_id: FromPath[UUID], show_grant: FromDishka[ShowGrant]
    ) -> JsonResponse[GrantView]:
        """One grant on an object."""
        grant = await show_grant(self.kind, object_id=object_id, grant_id=GrantId(grant_id))
        return JsonResponse(grant, headers=etag(grant.version))

    @delete("/{grant_id:uuid}", responses=answers(412))
    @inject
    async def revoke_grant(
        self,
        object_id: FromPath[UUID],
        grant_id: FromPath[UUID],
        revoke_grant: FromDishka[RevokeGrant],
        if_match: IfMatch = None,
    ) -> None:
        """Take a grant away. It takes `share` on the object, and to have oneself all that the grant gives."""
        await revoke_grant(self.kind, object_id=object_id, grant_id=GrantId(grant_id), seen=seen_versions(if_match))
