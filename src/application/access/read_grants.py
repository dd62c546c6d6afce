from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID

from application.access.grant_ports import GrantReader
from application.access.grant_views import SEES_ALL, GrantQuery, GrantView, Viewer
from application.access.object_access import ObjectAccess
from application.shared.page import Page
from domain.access.grant import GrantId
from domain.shared.caller import Caller
from domain.shared.grantable import Grantable, ObjectPermission


@dataclass(frozen=True, slots=True, kw_only=True)
class ListGrants:
    """The grants on an object that match, one page of them: all for who may share it, else the caller's own."""

    caller: Caller
    access: ObjectAccess
    reader: GrantReader

    async def __call__(self, kind: Grantable, *, object_id: UUID, query: GrantQuery) -> Page[GrantView]:
        held = await self.access.look(kind, object_id)
        return await self.reader.page(kind, object_id, query, _viewer(self.caller, held))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowGrant:
    """One grant on an object: any for who may share it, else one of the caller's own."""

    caller: Caller
    access: ObjectAccess
    reader: GrantReader

    async def __call__(self, kind: Grantable, *, object_id: UUID, grant_id: GrantId) -> GrantView:
        held = await self.access.look(kind, object_id)
        return await self.reader.get(kind, object_id, grant_id, _viewer(self.caller, held))


def _viewer(caller: Caller, held: AbstractSet[ObjectPermission]) -> Viewer:
    """A caller's own grants are those to the caller and to the groups they are in."""
    return SEES_ALL if ObjectPermission.SHARE in held else caller.require_user()
