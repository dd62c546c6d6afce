from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

from adapters.memory.database import MemoryDatabase
from adapters.memory.paging import page_of
from application.shared.page import Page
from application.tenancy.invitation_ports import InvitationReader, InvitationRepository
from application.tenancy.invitation_views import InvitationQuery, InvitationView
from domain.identity.login import folded
from domain.shared.caller import UserId
from domain.tenancy.invitation import (
    LATELY,
    Invitation,
    InvitationId,
    InvitationNotFoundError,
    InvitationPendingError,
    InvitationStatus,
)
from domain.tenancy.organization import OrganizationId
from domain.tenancy.scope import PlatformScope


class MemoryInvitationRepository(InvitationRepository):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def find(self, invitation_id: InvitationId) -> Invitation | None:
        found = self._database.invitations.get(invitation_id)
        return found if found and found.organization_id in self._database.organizations else None

    async def get(self, invitation_id: InvitationId) -> Invitation:
        if (found := await self.find(invitation_id)) is None:
            raise InvitationNotFoundError
        return found

    async def find_pending(self, organization_id: OrganizationId, email: str) -> Invitation | None:
        pending = (one for one in self._database.invitations.values() if one.status is InvitationStatus.PENDING)
        same = (one for one in pending if one.organization_id == organization_id)
        return next((one for one in same if folded(one.email) == folded(email)), None)

    async def count_others(self, invitation: Invitation, *, by: UserId | None, at: datetime) -> int:
        def counts(one: Invitation) -> bool:
            is_same = one.organization_id == invitation.organization_id
            is_open = is_same and one.status_at(at) is InvitationStatus.PENDING
            is_fresh = (is_same or (by is not None and one.invited_by == by)) and one.sent_at > at - LATELY
            return one.id != invitation.id and (is_open or is_fresh)

        return sum(map(counts, self._database.invitations.values()))

    async def add(self, invitation: Invitation) -> None:
        other = await self.find_pending(invitation.organization_id, invitation.email)
        if invitation.status is InvitationStatus.PENDING and other and other.id != invitation.id:
            raise InvitationPendingError("this address has an open invitation already")
        self._database.invitations[invitation.id] = invitation

    async def save(self, invitation: Invitation) -> None:
        await self.get(invitation.id)
        await self.add(invitation)

    async def lapsed(self, *, at: datetime, limit: int) -> Sequence[Invitation]:
        pending = (one for one in self._database.invitations.values() if one.status is InvitationStatus.PENDING)
        over = [one for one in pending if one.expires_at <= at]
        return [one for one in over if one.organization_id in self._database.organizations][:limit]

    async def purge_expired(self, *, before: datetime, at_most: int) -> int:
        ended = (one for one in self._database.invitations.values() if one.status is InvitationStatus.EXPIRED)
        purged = sorted((one for one in ended if one.expires_at < before), key=attrgetter("expires_at"))[:at_most]
        for one in purged:
            del self._database.invitations[one.id]
        return len(purged)

    async def is_member(self, organization_id: OrganizationId, email: str) -> bool:
        users = self._database.within(PlatformScope()).users
        members = (one for one in self._database.members.values() if one.organization_id == organization_id)
        found = (users.get(one.user_id) for one in members)
        return any(user is not None and folded(user.email) == folded(email) for user in found)


class MemoryInvitationReader(InvitationReader):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def page(self, query: InvitationQuery, viewer: UserId | None, *, at: datetime) -> Page[InvitationView]:
        seen = [self._to_view(one, at) for one in self._database.invitations.values() if self._is_for(one, viewer)]
        found = [view for view in seen if _matches(view, query)]
        key = query.ordering.value.removeprefix("-")
        found.sort(key=attrgetter(key, "id"), reverse=query.ordering.value.startswith("-"))
        return page_of(found, query.page)

    async def get(self, invitation_id: InvitationId, viewer: UserId | None, *, at: datetime) -> InvitationView:
        found = self._database.invitations.get(invitation_id)
        if found is None or not self._is_for(found, viewer):
            raise InvitationNotFoundError
        return self._to_view(found, at)

    def _is_for(self, invitation: Invitation, viewer: UserId | None) -> bool:
        if invitation.organization_id not in self._database.organizations:
            return False
        if viewer is None:
            return True
        return any(
            one.user_id == viewer and one.organization_id == invitation.organization_id and one.is_owner
            for one in self._database.members.values()
        )

    def _to_view(self, invitation: Invitation, at: datetime) -> InvitationView:
        return InvitationView(
            id=invitation.id,
            organization=self._database.organizations[invitation.organization_id].slug,
            email=invitation.email,
            role=invitation.role,
            message=invitation.message,
            metadata=dict(invitation.metadata),
            status=invitation.status_at(at),
            invited_by=invitation.invited_by,
            accepted_by=invitation.accepted_by,
            expires_at=invitation.expires_at,
            created_at=invitation.created_at,
            updated_at=invitation.updated_at,
            created_by=invitation.created_by,
            version=invitation.version,
        )


def _matches(view: InvitationView, query: InvitationQuery) -> bool:
    return (
        query.organization in (None, view.organization)
        and query.status in (None, view.status)
        and (query.search is None or query.search.casefold() in f"{view.email}\n{view.message}".casefold())
        and (query.created.start is None or query.created.start <= view.created_at)
        and (query.created.end is None or view.created_at <= query.created.end)
    )
