from dataclasses import dataclass

from application.shared.ports import Clock, UnitOfWork
from application.tenancy.ports import OrganizationRepository
from application.tenancy.standing import Standing
from domain.shared.caller import Permission
from domain.shared.versions import require_version
from domain.tenancy.membership import OrganizationRight
from domain.tenancy.organization import Organization, OrganizationChanges, PlatformFieldsError


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOrganization:
    """Change some or all fields of an organization.

    Owners write what describes it and its settings; plan, limits and standing with the platform are for the
    platform's admins. Limits below what is in use take nothing away: only nothing can be added.
    """

    standing: Standing
    organizations: OrganizationRepository
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, slug: str, changes: OrganizationChanges, seen: frozenset[int] | None) -> Organization:
        async with self.work:
            organization = await self.organizations.get(slug)
            await self.standing.require(organization, OrganizationRight.CHANGE)
            if changes.need_the_platform and not self.standing.caller.may(Permission.ORGANIZATIONS_MANAGE):
                raise PlatformFieldsError(changes.need_the_platform)
            require_version(organization.version, seen)
            changed = organization.change(changes, at=self.clock())
            await self.organizations.save(changed)
        return changed
