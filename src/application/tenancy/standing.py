from dataclasses import dataclass

from application.tenancy.ports import MemberRepository
from domain.shared.caller import Caller, NotPermittedError, Permission, UserId
from domain.tenancy.membership import OrganizationRight
from domain.tenancy.organization import Organization, OrganizationNotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the caller may do in an organization: as a member of it, or as an admin of the platform."""

    caller: Caller
    members: MemberRepository

    @property
    def viewer(self) -> UserId | None:
        """Whose organizations are in sight, for what only reads; None: an admin of the platform sees all."""
        return None if self.caller.may(Permission.ORGANIZATIONS_MANAGE) else self.caller.require_user()

    async def require(self, organization: Organization, right: OrganizationRight) -> None:
        """Raise `OrganizationNotFoundError` for whoever has no part in it, `NotPermittedError` for a small one.

        Inside the transaction that acts on it: membership is locked, so it cannot be lost meanwhile.
        """
        if self.caller.may(Permission.ORGANIZATIONS_MANAGE):
            return
        member = await self.members.find(organization.id, self.caller.require_user())
        rights = member.rights if member else frozenset()
        if OrganizationRight.VIEW not in rights:
            raise OrganizationNotFoundError(f"there is no organization {organization.slug!r}")
        if right not in rights:
            raise NotPermittedError(f"only owners of {organization.slug} may do this")
        if right is not OrganizationRight.VIEW:
            organization.require_active()
