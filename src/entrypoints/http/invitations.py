from typing import Any
from uuid import UUID

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, Request, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK

from application.tenancy.closed_histories import InvitationHistory
from application.tenancy.decline_invitation import DeclineInvitation
from application.tenancy.invitation_views import InvitationView
from application.tenancy.invite_member import InviteMember
from application.tenancy.read_invitations import ListInvitations, ShowInvitation
from application.tenancy.resend_invitation import ResendInvitation
from application.tenancy.revoke_invitation import RevokeInvitation
from domain.tenancy.invitation import InvitationId
from entrypoints.http.answers import ETAG, LOCATION, answers
from entrypoints.http.etags import IfMatch, etag, seen_versions
from entrypoints.http.guards import platform_host, platform_user
from entrypoints.http.history import AS_OF, Past
from entrypoints.http.history_wire import AsOfQuery
from entrypoints.http.invitation_answers import Acceptance, InvitationAnswer
from entrypoints.http.invitations_wire import (
    AcceptInvitationRequest,
    DeclineInvitationRequest,
    InvitationListQuery,
    InviteMemberRequest,
)
from entrypoints.http.json_response import JsonResponse
from entrypoints.http.lists import ListResponse, listed, listing
from entrypoints.http.wire import StrictJson, from_query


class InvitationController(Controller):
    path = "/api/invitations"
    tags = ("Invitations",)
    before_request = staticmethod(platform_user)
    security = ({"BearerToken": []},)

    @get(
        dependencies={"asked": Provide(from_query(InvitationListQuery), sync_to_thread=False)},
        operation_class=listing(InvitationListQuery),
        responses=answers(400, permitted=False),
    )
    @inject
    async def list_invitations(
        self,
        request: Request[Any, Any, Any],
        asked: NamedDependency[InvitationListQuery],
        list_invitations: FromDishka[ListInvitations],
    ) -> ListResponse[InvitationView]:
        """Invitations into the organizations you own, newest first."""
        return listed(await list_invitations(asked.as_query()), asked, request)

    @post(
        dto=StrictJson[InviteMemberRequest],
        return_dto=None,
        response_headers=[ETAG, LOCATION],
        responses=answers(409, 422, body=True),
    )
    @inject
    async def invite_member(
        self,
        data: JSONBody[InviteMemberRequest],
        invite_member: FromDishka[InviteMember],
        answer: FromDishka[InvitationAnswer],
    ) -> JsonResponse[InvitationView]:
        """Invite an address into an organization you own.

        A mail with a link goes there; it works once, for seven days. An address has one open invitation into an
        organization at a time. As many may be open, or sent within the last hour, as the plan allows members, and
        twenty at least; what you send for other organizations counts, too.
        """
        invitation = await invite_member(
            organization=data.organization,
            email=data.email,
            role=data.role,
            message=data.message,
            metadata=data.metadata,
        )
        return await answer(invitation, created=True)

    @get("/{invitation_id:uuid}", response_headers=[ETAG], responses=answers(400, permitted=False), **AS_OF)
    @inject
    async def show_invitation(
        self,
        invitation_id: FromPath[UUID],
        show_invitation: FromDishka[ShowInvitation],
        asked: NamedDependency[AsOfQuery],
        past: FromDishka[Past],
    ) -> JsonResponse[InvitationView]:
        """One invitation."""
        if (then := await past(InvitationHistory, asked, invitation_id=invitation_id)) is not None:
            return then
        invitation = await show_invitation(invitation_id=InvitationId(invitation_id))
        return JsonResponse(invitation, headers=etag(invitation.version))

    @post(
        "/{invitation_id:uuid}/resend",
        status_code=HTTP_200_OK,
        response_headers=[ETAG],
        responses=answers(409, 412, 422, permitted=False),
    )
    @inject
    async def resend_invitation(
        self,
        invitation_id: FromPath[UUID],
        resend_invitation: FromDishka[ResendInvitation],
        answer: FromDishka[InvitationAnswer],
        if_match: IfMatch = None,
    ) -> JsonResponse[InvitationView]:
        """Send the mail once more, with a new link for seven days; the old one is worthless then.

        Fifteen minutes after the last one at the earliest.
        """
        return await answer(
            await resend_invitation(invitation_id=InvitationId(invitation_id), seen=seen_versions(if_match))
        )

    @delete("/{invitation_id:uuid}", responses=answers(412, 422, permitted=False))
    @inject
    async def revoke_invitation(
        self,
        invitation_id: FromPath[UUID],
        revoke_invitation: FromDishka[RevokeInvitation],
        if_match: IfMatch = None,
    ) -> None:
        """Take an open invitation back. It stays in the list, as revoked."""
        await revoke_invitation(invitation_id=InvitationId(invitation_id), seen=seen_versions(if_match))


class InvitedController(Controller):
    """What whoever got the mail can do with its token."""

    path = "/api/invitations/{invitation_id:uuid}"
    tags = ("Invitations",)
    before_request = staticmethod(platform_host)

    @post(
        "/accept",
        dto=StrictJson[AcceptInvitationRequest],
        return_dto=None,
        status_code=HTTP_200_OK,
        response_headers=[ETAG],
        security=[{"BearerToken": []}, {}],
        responses=answers(409, 422, body=True),
    )
    @inject
    async def accept_invitation(
        self,
        invitation_id: FromPath[UUID],
        data: JSONBody[AcceptInvitationRequest],
        acceptance: FromDishka[Acceptance],
        answer: FromDishka[InvitationAnswer],
    ) -> JsonResponse[InvitationView]:
        """Accept an invitation by the token of its mail.

        Either signed in on the platform as a user with the address invited, or with a username and a password for a
        new account with that address: then sign in with these. A token that is wrong, used, old or replaced is 404.
        """
        return await answer(await acceptance(InvitationId(invitation_id), data))

    @post(
        "/decline",
        dto=StrictJson[DeclineInvitationRequest],
        return_dto=None,
        status_code=HTTP_200_OK,
        response_headers=[ETAG],
        responses=answers(signed_in=False, body=True),
    )
    @inject
    async def decline_invitation(
        self,
        invitation_id: FromPath[UUID],
        data: JSONBody[DeclineInvitationRequest],
        decline_invitation: FromDishka[DeclineInvitation],
        answer: FromDishka[InvitationAnswer],
    ) -> JsonResponse[InvitationView]:
        """Decline an invitation by the token of its mail."""
        return await answer(await decline_invitation(invitation_id=InvitationId(invitation_id), token=data.token))
