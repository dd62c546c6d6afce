"""What the operations on invitations have in common."""

from dataclasses import dataclass

from dishka import AsyncContainer
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from application.shared.ports import Clock
from application.tenancy.accept_as_new_user import AcceptAsNewUser
from application.tenancy.accept_invitation import AcceptInvitation
from application.tenancy.invitation_ports import InvitationReader
from application.tenancy.invitation_views import InvitationView
from domain.tenancy.invitation import Invitation, InvitationId
from entrypoints.http.etags import etag
from entrypoints.http.invitations_wire import AcceptInvitationRequest
from entrypoints.http.json_response import JsonResponse


@dataclass(frozen=True, slots=True)
class InvitationAnswer:
    """Shows an invitation after it was written, to whoever was allowed to write it."""

    reader: InvitationReader
    clock: Clock

    async def __call__(self, invitation: Invitation, *, created: bool = False) -> JsonResponse[InvitationView]:
        shown = await self.reader.get(invitation.id, None, at=self.clock())
        location = {"Location": f"/api/invitations/{shown.id}/"} if created else {}
        status = HTTP_201_CREATED if created else HTTP_200_OK
        return JsonResponse(shown, status_code=status, headers=etag(shown.version) | location)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """By an account that is made for it, or by that of the caller: who asks is read only in the second case."""

    container: AsyncContainer

    async def __call__(self, invitation_id: InvitationId, asked: AcceptInvitationRequest) -> Invitation:
        if asked.new_account:
            username, password = asked.new_account
            accept_as_new_user = await self.container.get(AcceptAsNewUser)
            return await accept_as_new_user(
                invitation_id=invitation_id, token=asked.token, username=username, password=password
            )
        accept_invitation = await self.container.get(AcceptInvitation)
        return await accept_invitation(invitation_id=invitation_id, token=asked.token)
