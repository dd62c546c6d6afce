"""The histories of what the platform has. Those of what is gone are for the platform's admins."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from application.audit.ports import HistoryReader, TrackedResource
from application.tenancy.change_member import ChangeMember
from application.tenancy.change_organization import ChangeOrganization
from application.tenancy.change_site import ChangeSite
from application.tenancy.organization_ports import MemberReader, OrganizationReader
from application.tenancy.organization_views import Onlooker
from application.tenancy.ports import SiteReader
from application.tenancy.standing import Standing
from domain.audit.entry import State, typed
from domain.shared.audited import Audited
from domain.shared.caller import Caller, UserId
from domain.tenancy.audited import MEMBER_HISTORY, ORGANIZATION_HISTORY, SITE_HISTORY
from domain.tenancy.membership import MemberChanges, MemberNotFoundError, MemberRole
from domain.tenancy.organization import OrganizationChanges, OrganizationNotFoundError
from domain.tenancy.plan import Plan
from domain.tenancy.site import SiteChanges, SiteNotFoundError, SiteRole, SiteStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationHistory(TrackedResource):
    """For the active members of an organization."""

    caller: Caller
    reader: OrganizationReader
    change_organization: ChangeOrganization
    kind: ClassVar[Audited] = ORGANIZATION_HISTORY

    async def locate(self, key: Mapping[str, Any]) -> UUID:
        onlooker = Onlooker.of(self.caller)
        try:
            return await self.reader.id_of(key["slug"], onlooker)
        except OrganizationNotFoundError:
            found = await self.reader.find_deleted(key["slug"]) if onlooker.sees_all else None
            if found is None:
                raise
            return found

    def is_gone(self, state: State) -> bool:
        return state["deleted_at"] is not None

    async def change(self, key: Mapping[str, Any], values: Mapping[str, Any], seen: frozenset[int] | None) -> int:
        changes = OrganizationChanges(**typed(values, {"plan": Plan}))
        return (await self.change_organization(slug=key["slug"], changes=changes, seen=seen)).version


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberHistory(TrackedResource):
    """For the active members of the organization. Whoever came back is another member than the one who left."""

    caller: Caller
    organizations: OrganizationReader
    reader: MemberReader
    history: HistoryReader
    change_member: ChangeMember
    kind: ClassVar[Audited] = MEMBER_HISTORY

    async def locate(self, key: Mapping[str, Any]) -> UUID:
        onlooker = Onlooker.of(self.caller)
        organization = await self.organizations.id_of(key["slug"], onlooker)
        try:
            return (await self.reader.get(organization, UserId(key["user_id"]))).id
        except MemberNotFoundError:
            left = {"organization_id": str(organization), "user_id": str(key["user_id"])}
            found = await self.history.find_deleted(self.kind, left) if onlooker.sees_all else None
            if found is None:
                raise
            return found

    async def change(self, key: Mapping[str, Any], values: Mapping[str, Any], seen: frozenset[int] | None) -> int:
        changes = MemberChanges(**typed(values, {"role": MemberRole}))
        user_id = UserId(key["user_id"])
        return (await self.change_member(organization=key["slug"], user_id=user_id, changes=changes, seen=seen)).version


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteHistory(TrackedResource):
    """For the active members of the site's organization. Slug and status change by steps of their own."""

    standing: Standing
    reader: SiteReader
    change_site: ChangeSite
    kind: ClassVar[Audited] = SITE_HISTORY

    async def locate(self, key: Mapping[str, Any]) -> UUID:
        viewer = self.standing.viewer
        try:
            return (await self.reader.get(key["slug"], viewer)).id
        except SiteNotFoundError:
            found = await self.reader.find_deleted(key["slug"]) if viewer is None else None
            if found is None:
                raise
            return found

    def is_gone(self, state: State) -> bool:
        return bool(state["status"] == SiteStatus.DELETED)

    async def change(self, key: Mapping[str, Any], values: Mapping[str, Any], seen: frozenset[int] | None) -> int:
        changes = SiteChanges(**typed(values, {"role": SiteRole}))
        return (await self.change_site(slug=key["slug"], changes=changes, seen=seen)).version
