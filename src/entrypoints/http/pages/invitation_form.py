from collections.abc import Mapping
from dataclasses import dataclass

from application.tenancy.accept_as_new_user import AcceptAsNewUser
from application.tenancy.accept_by_password import AcceptByPassword
from application.tenancy.decline_invitation import DeclineInvitation
from domain.tenancy.invitation import InvitationId
from entrypoints.http.context import RequestContext


@dataclass(frozen=True, slots=True)
class InvitationForm:
    """Does what the button says that was pressed, and tells it: a title and a sentence."""

    accept: AcceptAsNewUser
    join: AcceptByPassword
    decline: DeclineInvitation
    context: RequestContext

    async def __call__(self, key: InvitationId, token: str, form: Mapping[str, str]) -> tuple[str, str]:
        username, password = form.get("username", ""), form.get("password", "")
        match form.get("answer"):
            case "decline":
                await self.decline(invitation_id=key, token=token)
                return "Declined", "You declined the invitation. Nothing more is to be done."
            case "join":
                await self.join(invitation_id=key, token=token, password=password, client=self.context.client)
                return "Welcome", "You are in, with the account that you have."
            case _:
                await self.accept(invitation_id=key, token=token, username=username, password=password)
                return "Welcome", f"You are in. Sign in as {username} with the password you chose."
