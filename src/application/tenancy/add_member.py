from dataclasses import dataclass

from application.shared.ports import Clock, NewId, UnitOfWork
from application.tenancy.ports import MemberRepository, OrganizationRepository
from application.tenancy.standing import Standing
from domain.identity.user import UserNotFoundError
from domain.shared.caller import UserId
from domain.tenancy.membership import (
    Member,
    MemberExistsError,
    MemberId,
    MemberRole,
    OrganizationRight,
    UnknownUserError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMember:
    """Make a user of the platform a member, without asking them; for owners, as many as the plan allows.

    Two that want the last place wait for each other, and one gets it.
    """

    standing: Standing
    organizations: OrganizationRepository
    members: MemberRepository
    work: UnitOfWork
    clock: Clock
    new_id: NewId

    async def __call__(self, *, organization: str, user_id: UserId, role: MemberRole) -> Member:
        now = self.clock()
        async with self.work:
            joined = await self.organizations.get(organization)
            await self.standing.require(joined, OrganizationRight.MANAGE_MEMBERS)
            if await self.members.find(joined.id, user_id):
                raise MemberExistsError("this user is a member already")
            joined.require_place_for_member(await self.members.count(joined.id))
            member = Member(
                id=MemberId(self.new_id()),
                organization_id=joined.id,
                user_id=user_id,
                role=role,
                joined_at=now,
                rights_since=now,
                created_at=now,
                updated_at=now,
                created_by=self.standing.caller.user_id,
            )
            try:
                await self.members.add(member)
            except UserNotFoundError as error:
                raise UnknownUserError from error
        return member
