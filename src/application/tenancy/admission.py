from dataclasses import dataclass

from application.identity.session_tokens import hash_of
from application.shared.ports import Clock, NewId
from application.tenancy.invitation_ports import InvitationRepository
from application.tenancy.ports import MemberRepository, OrganizationRepository
from domain.shared.caller import UserId
from domain.tenancy.invitation import Invitation, InvitationId, InvitationNotFoundError
from domain.tenancy.membership import Member, MemberExistsError, MemberId
from domain.tenancy.organization import Organization, OrganizationNotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Lets the invited into the organization, inside the caller's transaction."""

    organizations: OrganizationRepository
    members: MemberRepository
    invitations: InvitationRepository
    clock: Clock
    new_id: NewId

    async def look(self, invitation_id: InvitationId, token: str) -> Invitation:
        """The invitation that the token opens, not locked. Raise `InvitationNotFoundError`."""
        invitation = await self.invitations.find(invitation_id)
        if invitation is None:
            raise InvitationNotFoundError
        invitation.require_open(hash_of(token), at=self.clock())
        return invitation

    async def lock(self, invitation_id: InvitationId, token: str) -> tuple[Organization, Invitation]:
        """The same, and its organization, locked until the transaction ends."""
        seen = await self.look(invitation_id, token)
        try:
            organization = await self.organizations.get_by_id(seen.organization_id)
        except OrganizationNotFoundError as error:
            raise InvitationNotFoundError from error
        invitation = await self.invitations.get(invitation_id)
        invitation.require_open(hash_of(token), at=self.clock())
        return organization, invitation

    async def admit(self, user_id: UserId, organization: Organization, invitation: Invitation) -> Invitation:
        """Make the user a member, if the plan has a place left, and use the invitation up."""
        organization.require_active()
        if await self.members.find(organization.id, user_id):
            raise MemberExistsError("you are a member already")
        organization.require_place_for_member(await self.members.count(organization.id))
        now = self.clock()
        member = Member(
            id=MemberId(self.new_id()),
            organization_id=organization.id,
            user_id=user_id,
            role=invitation.role,
            joined_at=now,
            rights_since=now,
            created_at=now,
            updated_at=now,
            created_by=user_id,
        )
        await self.members.add(member)
        accepted = invitation.accept(user_id, at=now)
        await self.invitations.save(accepted)
        return accepted
