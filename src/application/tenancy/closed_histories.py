"""Histories that tell and by which one cannot go back: each step has proofs or mails of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from application.audit.ports import HistoryReader, TrackedResource
from application.shared.ports import Clock
from application.tenancy.domains.ports import DomainReader
from application.tenancy.domains.read_domains import SiteSight
from application.tenancy.invitation_ports import InvitationReader
from application.tenancy.read_invitations import viewer_of
from domain.audit.entry import HistoryEntry, State
from domain.shared.audited import Audited
from domain.shared.caller import Caller, Permission
from domain.tenancy.audited import DOMAIN_HISTORY, INVITATION_HISTORY
from domain.tenancy.domain import DomainNotFoundError, DomainStatus
from domain.tenancy.invitation import InvitationId, InvitationNotFoundError, InvitationStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainHistory(TrackedResource):
    """For the active members of the site's organization; of domains that were given up, for the platform's admins.

    Whoever found that the proof of a verified domain is gone may be of another organization, which claims it now: the
    platform's admins alone are told who.
    """

    site_sight: SiteSight
    reader: DomainReader
    history: HistoryReader
    kind: ClassVar[Audited] = DOMAIN_HISTORY

    async def locate(self, key: Mapping[str, Any]) -> UUID:
        site_id = await self.site_sight.require(key["slug"])
        try:
            return (await self.reader.get(site_id, key["domain"])).id
        except DomainNotFoundError:
            given_up = {"site_id": str(site_id), "domain": key["domain"]}
            sees_all = self.site_sight.caller.may(Permission.ORGANIZATIONS_MANAGE)
            found = await self.history.find_deleted(self.kind, given_up) if sees_all else None
            if found is None:
                raise
            return found

    def told(self, entry: HistoryEntry) -> HistoryEntry:
        was, became = entry.before.get("status"), entry.after.get("status")
        lost = (was, became) == (DomainStatus.VERIFIED, DomainStatus.FAILED)
        if not lost or self.site_sight.caller.may(Permission.ORGANIZATIONS_MANAGE):
            return entry
        return replace(entry, actor=None, actor_label=None, impersonator=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationHistory(TrackedResource):
    """For the owners of the organization; of what was purged, for the platform's admins."""

    caller: Caller
    reader: InvitationReader
    history: HistoryReader
    clock: Clock
    kind: ClassVar[Audited] = INVITATION_HISTORY

    async def locate(self, key: Mapping[str, Any]) -> UUID:
        invitation_id = InvitationId(key["invitation_id"])
        try:
            return (await self.reader.get(invitation_id, viewer_of(self.caller), at=self.clock())).id
        except InvitationNotFoundError:
            sees_all = self.caller.may(Permission.ORGANIZATIONS_MANAGE)
            purged = {"id": str(invitation_id)}
            if not sees_all or (found := await self.history.find_deleted(self.kind, purged)) is None:
                raise
            return found

    def seen_at(self, state: State, at: datetime) -> State:
        """Once its time is over, a pending one is expired, whether anybody wrote that down or not."""
        is_over = state["status"] == InvitationStatus.PENDING and state["expires_at"] <= at
        return {**state, "status": InvitationStatus.EXPIRED.value} if is_over else state
