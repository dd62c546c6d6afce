from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from application.identity.session_tokens import hash_of
from application.shared.ports import Clock, NewId, UnitOfWork
from application.tenancy.invitation_mail import InvitationMail
from application.tenancy.managed_invitations import ManagedInvitations
from domain.tenancy.invitation import LIFETIME, Invitation, InvitationId
from domain.tenancy.membership import MemberExistsError, MemberRole, OrganizationRight
from domain.tenancy.organization import Organization, OrganizationNotFoundError, UnknownOrganizationError


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteMember:
    """Invite whoever has an address into an organization: for its owners and the platform's admins.

    The mail has the only copy of the token. An address has one open invitation into an organization; the next one
    is possible once that has ended, if only by time. Members are not invited. Whether the address has an account
    is neither told nor looked at; whether there is a place left is decided when it is accepted. As many may be open
    or sent within an hour as the plan allows members, twenty at least; what its people send elsewhere counts, too.
    """

    managed: ManagedInvitations
    mail: InvitationMail
    work: UnitOfWork
    clock: Clock
    new_id: NewId

    async def __call__(
        self, *, organization: str, email: str, role: MemberRole, message: str, metadata: Mapping[str, Any]
    ) -> Invitation:
        async with self.work:
            owner = await self._organization(organization)
            token, now = self.mail.new_secret(), self.clock()
            invitation = Invitation(
                id=InvitationId(self.new_id()),
                organization_id=owner.id,
                email=email,
                role=role,
                message=message,
                metadata=metadata,
                token_hash=hash_of(token),
                invited_by=self.managed.standing.caller.user_id,
                expires_at=now + LIFETIME,
                created_at=now,
                updated_at=now,
                created_by=self.managed.standing.caller.user_id,
            )
            await self._make_room(invitation)
            await self.managed.require_place(invitation, owner, at=now)
            await self.managed.invitations.add(invitation)
            await self.mail.send(invitation, owner, token=token, by=self.managed.standing.caller)
        return invitation

    async def _organization(self, slug: str) -> Organization:
        try:
            found = await self.managed.organizations.get(slug)
            await self.managed.standing.require(found, OrganizationRight.MANAGE_INVITATIONS)
        except OrganizationNotFoundError as error:
            raise UnknownOrganizationError(slug) from error
        found.require_active()
        return found

    async def _make_room(self, invitation: Invitation) -> None:
        if await self.managed.invitations.is_member(invitation.organization_id, invitation.email):
            raise MemberExistsError("who has this address is a member already")
        last = await self.managed.invitations.find_pending(invitation.organization_id, invitation.email)
        if last is not None:
            await self.managed.invitations.save(last.expire(at=invitation.created_at))
