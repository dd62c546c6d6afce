from dataclasses import dataclass

from application.identity.ports import UserRepository
from application.shared.ports import UnitOfWork
from application.tenancy.admission import Admission
from domain.identity.login import folded
from domain.shared.caller import Caller
from domain.tenancy.invitation import Invitation, InvitationId, NotInvitedError


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptInvitation:
    """Join the organization that invited the caller's address.

    A token that is good in the hands of somebody else is refused and stays good. Two that want the last place of
    the plan wait for each other: one gets it, and the other's invitation stays open.
    """

    caller: Caller
    users: UserRepository
    admission: Admission
    work: UnitOfWork

    async def __call__(self, *, invitation_id: InvitationId, token: str) -> Invitation:
        async with self.work:
            organization, invitation = await self.admission.lock(invitation_id, token)
            user = await self.users.get(self.caller.require_user())
            if folded(user.email) != folded(invitation.email):
                raise NotInvitedError("this invitation is for another address than yours")
            return await self.admission.admit(user.id, organization, invitation)
