from dataclasses import dataclass

from application.shared.ports import UnitOfWork
from application.tenancy.ports import MemberRepository, OrganizationRepository
from application.tenancy.standing import Standing
from domain.shared.caller import UserId
from domain.shared.versions import require_version
from domain.tenancy.membership import MemberNotFoundError, OrganizationRight


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveMember:
    """End a membership, with all access to sites: owners that of all, members their own.

    The last active owner stays.
    """

    standing: Standing
    organizations: OrganizationRepository
    members: MemberRepository
    work: UnitOfWork

    async def __call__(self, *, organization: str, user_id: UserId, seen: frozenset[int] | None) -> None:
        is_own = user_id == self.standing.caller.user_id
        right = OrganizationRight.TAKE_PART if is_own else OrganizationRight.MANAGE_MEMBERS
        async with self.work:
            left = await self.organizations.get(organization)
            await self.standing.require(left, right)
            member = await self.members.find(left.id, user_id)
            if member is None:
                raise MemberNotFoundError(f"{user_id} is no member of {left.slug}")
            require_version(member.version, seen)
            member.require_leavable(other_owners=await self.members.other_owners(member))
            await self.members.remove(member)
