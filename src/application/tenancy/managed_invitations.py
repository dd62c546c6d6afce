from dataclasses import dataclass
from datetime import datetime

from application.tenancy.invitation_ports import InvitationRepository
from application.tenancy.ports import OrganizationRepository
from application.tenancy.standing import Standing
from domain.shared.caller import NotPermittedError
from domain.tenancy.invitation import (
    Invitation,
    InvitationId,
    InvitationNotFoundError,
    require_place_for_invitation,
)
from domain.tenancy.membership import OrganizationRight
from domain.tenancy.organization import Organization, OrganizationNotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedInvitations:
    """Invitations for those who run the organization."""

    standing: Standing
    organizations: OrganizationRepository
    invitations: InvitationRepository

    async def lock(self, invitation_id: InvitationId) -> tuple[Organization, Invitation]:
        """Lock both until the transaction ends.

        Raise `InvitationNotFoundError` for everybody else: who does not run it cannot see it either.
        """
        found = await self.invitations.find(invitation_id)
        if found is None:
            raise InvitationNotFoundError
        try:
            organization = await self.organizations.get_by_id(found.organization_id)
            await self.standing.require(organization, OrganizationRight.MANAGE_INVITATIONS)
        except (OrganizationNotFoundError, NotPermittedError) as error:
            raise InvitationNotFoundError from error
        return organization, await self.invitations.get(invitation_id)

    async def require_place(self, invitation: Invitation, organization: Organization, *, at: datetime) -> None:
        """Raise `TooManyInvitationsError` if one more mail would be too many."""
        others = await self.invitations.count_others(invitation, by=self.standing.viewer, at=at)
        require_place_for_invitation(others, members=organization.max_members)
