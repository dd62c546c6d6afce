from dataclasses import dataclass

from application.shared.page import Page
from application.shared.ports import Clock
from application.tenancy.invitation_ports import InvitationReader
from application.tenancy.invitation_views import InvitationQuery, InvitationView
from domain.shared.caller import Caller, Permission, UserId
from domain.tenancy.invitation import InvitationId


@dataclass(frozen=True, slots=True, kw_only=True)
class ListInvitations:
    """Those into the organizations that the caller owns; the platform's admins see all.

    Not those to the caller's own address: nobody has proved that it is theirs, and the mail tells whoever reads it.
    """

    caller: Caller
    reader: InvitationReader
    clock: Clock

    async def __call__(self, query: InvitationQuery) -> Page[InvitationView]:
        return await self.reader.page(query, viewer_of(self.caller), at=self.clock())


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowInvitation:
    """One of those that the caller may see."""

    caller: Caller
    reader: InvitationReader
    clock: Clock

    async def __call__(self, *, invitation_id: InvitationId) -> InvitationView:
        return await self.reader.get(invitation_id, viewer_of(self.caller), at=self.clock())


def viewer_of(caller: Caller) -> UserId | None:
    return None if caller.may(Permission.ORGANIZATIONS_MANAGE) else caller.require_user()
