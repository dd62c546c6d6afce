from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, TypedDict, Unpack

from application.shared.ports import Clock, NewId, UnitOfWork
from application.tenancy.ports import MemberRepository, OrganizationRepository
from domain.shared.caller import Caller, Permission
from domain.tenancy.membership import Member, MemberId, MemberRole
from domain.tenancy.organization import (
    Organization,
    OrganizationId,
    OrganizationSlugTakenError,
    slug_of,
)
from domain.tenancy.plan import LIMITS, Plan


class Particulars(TypedDict, total=False):
    """What describes an organization besides its name."""

    description: str
    email: str
    website: str
    phone: str
    address: str
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateOrganization:
    """Found an organization; whoever does becomes its owner.

    Its slug comes from the name, with `-1`, `-2` on a clash, and its plan is the free one; only the platform's
    admins may give others.
    The operator at the command line, who is no user, founds one without members.
    """

    caller: Caller
    organizations: OrganizationRepository
    members: MemberRepository
    work: UnitOfWork
    clock: Clock
    new_id: NewId

    async def __call__(
        self, *, name: str, slug: str | None = None, plan: Plan = Plan.FREE, **particulars: Unpack[Particulars]
    ) -> Organization:
        if slug is not None or plan is not Plan.FREE or self.caller.user_id is None:
            self.caller.require(Permission.ORGANIZATIONS_MANAGE)
        slugs = (slug_of(name, number=number) for number in count()) if slug is None else iter([slug])
        now, limits = self.clock(), LIMITS[plan]
        wanted = Organization(
            id=OrganizationId(self.new_id()),
            name=name,
            slug=slug_of(name) if slug is None else slug,
            plan=plan,
            max_sites=limits.sites,
            max_members=limits.members,
            max_storage_bytes=limits.storage_bytes,
            created_at=now,
            updated_at=now,
            created_by=self.caller.user_id,
            **particulars,
        )
        async with self.work:
            organization = await self._add(wanted, slugs)
            if self.caller.user_id is not None:
                await self.members.add(self._owner(organization))
        return organization

    async def _add(self, wanted: Organization, slugs: Iterator[str]) -> Organization:
        """With the first slug that is free. Raise `OrganizationSlugTakenError` if there is none."""
        for slug in slugs:
            organization = replace(wanted, slug=slug)
            with suppress(OrganizationSlugTakenError):
                await self.organizations.add(organization)
                return organization
        raise OrganizationSlugTakenError(f"{wanted.slug} is taken")

    def _owner(self, organization: Organization) -> Member:
        return Member(
            id=MemberId(self.new_id()),
            organization_id=organization.id,
            user_id=self.caller.require_user(),
            role=MemberRole.OWNER,
            joined_at=organization.created_at,
            rights_since=organization.created_at,
            created_at=organization.created_at,
            updated_at=organization.created_at,
            created_by=self.caller.user_id,
        )
