from datetime import datetime
from operator import attrgetter

from adapters.memory.database import MemoryDatabase
from adapters.memory.organizations import living, members_of
from adapters.memory.paging import page_of
from application.shared.page import Page, Period
from application.tenancy.organization_ports import MemberReader, OrganizationReader
from application.tenancy.organization_views import (
    MemberQuery,
    MemberUserView,
    MemberView,
    Onlooker,
    OrganizationQuery,
    OrganizationView,
)
from domain.shared.caller import UserId
from domain.tenancy.membership import Member, MemberNotFoundError, MemberRole
from domain.tenancy.organization import Organization, OrganizationId, OrganizationNotFoundError
from domain.tenancy.scope import PlatformScope
from domain.tenancy.site import Site, SiteStatus

_STORED = (
    *("id", "name", "slug", "description", "email", "website", "phone", "address", "plan"),
    *("max_sites", "max_members", "max_storage_bytes", "is_active", "is_verified", "verified_at", "settings"),
    *("created_at", "updated_at", "created_by", "version"),
)


class MemoryOrganizationReader(OrganizationReader):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def page(self, query: OrganizationQuery, onlooker: Onlooker) -> Page[OrganizationView]:
        shown = [self._to_view(one, onlooker) for one in self._database.organizations.values()]
        found = [view for view in shown if _is_seen(view, onlooker) and _matches(view, query)]
        key = query.ordering.value.removeprefix("-")
        found.sort(key=attrgetter(key, "id"), reverse=query.ordering.value.startswith("-"))
        return page_of(found, query.page)

    async def get(self, slug: str, onlooker: Onlooker) -> OrganizationView:
        view = self._to_view(living(self._database, slug), onlooker)
        if not _is_seen(view, onlooker):
            raise OrganizationNotFoundError(f"there is no organization {slug!r}")
        return view

    async def id_of(self, slug: str, onlooker: Onlooker) -> OrganizationId:
        return OrganizationId((await self.get(slug, onlooker)).id)

    async def find_deleted(self, slug: str) -> OrganizationId | None:
        deleted = self._database.deleted_organizations.values()
        return next((one.id for one in deleted if one.slug == slug), None)

    def _to_view(self, organization: Organization, onlooker: Onlooker) -> OrganizationView:
        members = members_of(self._database, organization.id)
        sites = (site for site in self._database.sites.values() if site.organization_id == organization.id)
        mine = [one.role for one in members if one.is_active and one.user_id == onlooker.user_id]
        return OrganizationView(
            **{name: getattr(organization, name) for name in _STORED},
            member_count=len(members),
            owner_count=sum(one.is_owner for one in members),
            site_count=sum(_is_living(site) for site in sites),
            my_role=mine[0] if mine else None,
        )


class MemoryMemberReader(MemberReader):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def page(self, organization_id: OrganizationId, query: MemberQuery) -> Page[MemberView]:
        shown = [self._to_view(one) for one in members_of(self._database, organization_id)]
        found = [view for view in shown if _is_sought(view, query)]
        key = query.ordering.value.removeprefix("-").replace("username", "user.username")
        found.sort(key=attrgetter(key, "id"), reverse=query.ordering.value.startswith("-"))
        return page_of(found, query.page)

    async def get(self, organization_id: OrganizationId, user_id: UserId) -> MemberView:
        for member in members_of(self._database, organization_id):
            if member.user_id == user_id:
                return self._to_view(member)
        raise MemberNotFoundError(f"there is no member {user_id}")

    def _to_view(self, member: Member) -> MemberView:
        user = self._database.within(PlatformScope()).users[member.user_id]
        granted = (self._database.sites[site] for holder, site in self._database.site_access if holder == member.id)
        full_name = f"{user.first_name} {user.last_name}".strip()
        return MemberView(
            id=member.id,
            user=MemberUserView(user.id, user.username, user.email, full_name, user.is_active),
            role=member.role,
            title=member.title,
            department=member.department,
            phone=member.phone,
            is_active=member.is_active,
            joined_at=member.joined_at,
            last_active_at=member.last_active_at,
            sites=sorted(site.slug.value for site in granted if _is_living(site)),
            created_at=member.created_at,
            updated_at=member.updated_at,
            created_by=member.created_by,
            version=member.version,
        )


def _is_living(site: Site) -> bool:
    return site.status is not SiteStatus.DELETED


def _is_seen(view: OrganizationView, onlooker: Onlooker) -> bool:
    return onlooker.sees_all or isinstance(view.my_role, MemberRole)


def _matches(view: OrganizationView, query: OrganizationQuery) -> bool:
    return (
        _holds(query.search, view.name, view.slug, view.description)
        and query.plan in (None, view.plan)
        and query.is_active in (None, view.is_active)
        and query.is_verified in (None, view.is_verified)
        and query.my_role in (None, view.my_role)
        and _within(view.created_at, query.created)
    )


def _is_sought(view: MemberView, query: MemberQuery) -> bool:
    return (
        _holds(query.search, view.user.username, view.user.email, view.user.full_name, view.title, view.department)
        and query.role in (None, view.role)
        and query.is_active in (None, view.is_active)
        and _within(view.created_at, query.created)
    )


def _holds(search: str | None, *texts: str) -> bool:
    return search is None or any(search.casefold() in text.casefold() for text in texts)


def _within(time: datetime, period: Period) -> bool:
    return (period.start is None or period.start <= time) and (period.end is None or time <= period.end)
