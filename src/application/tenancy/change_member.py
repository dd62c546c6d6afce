from dataclasses import dataclass

from application.shared.ports import Clock, UnitOfWork
from application.tenancy.ports import MemberRepository, OrganizationRepository
from application.tenancy.standing import Standing
from domain.shared.caller import UserId
from domain.shared.versions import require_version
from domain.tenancy.membership import Member, MemberChanges, MemberNotFoundError, OrganizationRight


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeMember:
    """Change some or all fields of a member: owners those of all, members their own particulars.

    Nobody changes their own role or whether they are active, and the last active owner stays one: two who demote
    each other wait for each other, and the second is an owner no more.
    """

    standing: Standing
    organizations: OrganizationRepository
    members: MemberRepository
    work: UnitOfWork
    clock: Clock

    async def __call__(
        self, *, organization: str, user_id: UserId, changes: MemberChanges, seen: frozenset[int] | None
    ) -> Member:
        is_own = user_id == self.standing.caller.user_id
        right = OrganizationRight.TAKE_PART if is_own else OrganizationRight.MANAGE_MEMBERS
        async with self.work:
            joined = await self.organizations.get(organization)
            await self.standing.require(joined, right)
            member = await self.members.find(joined.id, user_id)
            if member is None:
                raise MemberNotFoundError(f"{user_id} is no member of {joined.slug}")
            require_version(member.version, seen)
            changed = member.change(changes, at=self.clock())
            member.require_leavable(other_owners=await self.members.other_owners(member), after=changed)
            if is_own:
                member.require_same_standing(changed)
            await self.members.save(changed)
        return changed
