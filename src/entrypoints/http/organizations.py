from typing import Any

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, Request, delete, get, patch, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from application.tenancy.change_organization import ChangeOrganization
from application.tenancy.create_organization import CreateOrganization
from application.tenancy.delete_organization import DeleteOrganization
from application.tenancy.organization_views import OrganizationView
from application.tenancy.read_organizations import ListOrganizations, ShowOrganization
from application.tenancy.tenancy_histories import OrganizationHistory
from entrypoints.http.answers import ETAG, LOCATION, answers
from entrypoints.http.etags import IfMatch, etag, seen_versions
from entrypoints.http.guards import platform_user
from entrypoints.http.history import AS_OF, Past
from entrypoints.http.history_wire import AsOfQuery
from entrypoints.http.json_response import JsonResponse
from entrypoints.http.lists import ListResponse, listed, listing
from entrypoints.http.organization_answers import OrganizationAnswer
from entrypoints.http.organizations_wire import (
    ChangeOrganizationRequest,
    CreateOrganizationRequest,
    DeleteOrganizationQuery,
    OrganizationListQuery,
    ReplaceOrganizationRequest,
)
from entrypoints.http.wire import StrictJson, from_query


class OrganizationController(Controller):
    path = "/api/organizations"
    tags = ("Organizations",)
    before_request = staticmethod(platform_user)
    security = ({"BearerToken": []},)

    @get(
        dependencies={"asked": Provide(from_query(OrganizationListQuery), sync_to_thread=False)},
        operation_class=listing(OrganizationListQuery),
        responses=answers(400, permitted=False),
    )
    @inject
    async def list_organizations(
        self,
        request: Request[Any, Any, Any],
        asked: NamedDependency[OrganizationListQuery],
        list_organizations: FromDishka[ListOrganizations],
    ) -> ListResponse[OrganizationView]:
        """The organizations where the caller is an active member, by name. Admins of the platform see all."""
        return listed(await list_organizations(asked.as_query()), asked, request)

    @post(
        dto=StrictJson[CreateOrganizationRequest],
        return_dto=None,
        response_headers=[ETAG, LOCATION],
        responses=answers(permitted=False, body=True),
    )
    @inject
    async def create_organization(
        self,
        data: JSONBody[CreateOrganizationRequest],
        create_organization: FromDishka[CreateOrganization],
        answer: FromDishka[OrganizationAnswer],
    ) -> JsonResponse[OrganizationView]:
        """Create an organization, and become its owner. Its slug comes from the name."""
        organization = await create_organization(
            name=data.name,
            description=data.description,
            email=data.email,
            website=data.website,
            phone=data.phone,
            address=data.address,
            settings=data.settings,
        )
        return await answer(organization, created=True)

    @get("/{slug:str}", response_headers=[ETAG], responses=answers(400, permitted=False), **AS_OF)
    @inject
    async def show_organization(
        self,
        slug: FromPath[str],
        show_organization: FromDishka[ShowOrganization],
        asked: NamedDependency[AsOfQuery],
        past: FromDishka[Past],
    ) -> JsonResponse[OrganizationView]:
        """One organization, for its active members and the admins of the platform."""
        if (then := await past(OrganizationHistory, asked, slug=slug)) is not None:
            return then
        organization = await show_organization(slug=slug)
        return JsonResponse(organization, headers=etag(organization.version))

    @patch(
        "/{slug:str}",
        dto=StrictJson[ChangeOrganizationRequest],
        return_dto=None,
        response_headers=[ETAG],
        responses=answers(412, 422, body=True),
    )
    @inject
    async def change_organization(
        self,
        slug: FromPath[str],
        data: JSONBody[ChangeOrganizationRequest],
        change_organization: FromDishka[ChangeOrganization],
        answer: FromDishka[OrganizationAnswer],
        if_match: IfMatch = None,
    ) -> JsonResponse[OrganizationView]:
        """Change some fields of an organization.

        For its owners; plan, limits, `is_verified` and `is_active` are for admins of the platform. Another plan brings
        its own limits, unless they are given too. Organizations that are not active, and their sites, are closed.
        """
        changed = await change_organization(slug=slug, changes=data.changes(), seen=seen_versions(if_match))
        return await answer(changed)

    @put(
        "/{slug:str}",
        dto=StrictJson[ReplaceOrganizationRequest],
        return_dto=None,
        response_headers=[ETAG],
        responses=answers(412, 422, body=True),
    )
    @inject
    async def replace_organization(
        self,
        slug: FromPath[str],
        data: JSONBody[ReplaceOrganizationRequest],
        change_organization: FromDishka[ChangeOrganization],
        answer: FromDishka[OrganizationAnswer],
        if_match: IfMatch = None,
    ) -> JsonResponse[OrganizationView]:
        """Write all fields of an organization that its owners write."""
        changed = await change_organization(slug=slug, changes=data.changes(), seen=seen_versions(if_match))
        return await answer(changed)

    @delete(
        "/{slug:str}",
        dependencies={"asked": Provide(from_query(DeleteOrganizationQuery), sync_to_thread=False)},
        operation_class=listing(DeleteOrganizationQuery),
        responses=answers(400, 412, 422),
    )
    @inject
    async def delete_organization(
        self,
        slug: FromPath[str],
        asked: NamedDependency[DeleteOrganizationQuery],
        delete_organization: FromDishka[DeleteOrganization],
        if_match: IfMatch = None,
    ) -> None:
        """Delete an organization that has no sites any more. `confirm` must be its slug, which stays taken."""
        await delete_organization(slug=slug, confirm=asked.confirm, seen=seen_versions(if_match))
