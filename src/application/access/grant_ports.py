from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from typing import NewType, Protocol
from uuid import UUID

from application.access.grant_views import GrantQuery, GrantView, Viewer
from application.shared.page import Page
from domain.access.grant import Grant, GrantId
from domain.access.group import GroupId
from domain.shared.caller import UserId
from domain.shared.grantable import Grantable, ObjectPermission

GrantableKinds = NewType("GrantableKinds", tuple[Grantable, ...])
"""Every kind of object that can be granted."""


class GrantableObjects(Protocol):
    """The objects of a site that can be granted, of whatever kind: whose they are and what was granted on them."""

    async def owner(self, kind: Grantable, object_id: UUID) -> UserId:
        """Raise `kind.absent` if there is no such object."""
        ...

    async def lock(self, kind: Grantable, object_ids: Collection[UUID]) -> Mapping[UUID, UserId]:
        """The owners of those that are there. Nobody else changes an object or its grants until the transaction ends,
        nor, as `hold`, what it lies in. Locks are taken from the outside inwards, those of one kind by id.
        """
        ...

    async def hold(self, kind: Grantable, object_id: UUID) -> UserId:
        """As `owner`, and nobody changes the object or its grants until the transaction ends. Several may hold it."""
        ...

    async def held(
        self, kind: Grantable, object_ids: Collection[UUID], user_id: UserId
    ) -> Mapping[UUID, frozenset[ObjectPermission]]:
        """What the user may do with each object now, in one question; those with which they may nothing are left out.

        By owning it, by grants to them and to their groups, as a party, and all of that on what it lies in.
        """
        ...

    async def around(self, kind: Grantable, object_ids: Collection[UUID]) -> Mapping[UUID, Collection[Grantable]]:
        """The kinds of what each object lies in."""
        ...

    async def exceed(
        self,
        kind: Grantable,
        *,
        user: UserId | None,
        group: GroupId | None,
        holder: UserId | None,
        everywhere: AbstractSet[ObjectPermission],
    ) -> bool:
        """Whether a user or a group may do with any object what `holder` may not; on the platform there is none.

        A user by owning it, by grants, theirs and their groups', and as a party; a group by grants. `holder` as
        in `held`, and `everywhere` with each. What the user or the group may by what an object lies in is asked of
        that kind: whoever may as much there may as much here.
        """
        ...


class GrantRepository(Protocol):
    """The grants of a site. Whoever writes one has locked its object."""

    async def get(self, kind: Grantable, object_id: UUID, grant_id: GrantId) -> Grant:
        """Lock it until the transaction ends. Raise `GrantNotFoundError` if the object has no such grant."""
        ...

    async def find(
        self, kind: Grantable, object_id: UUID, *, user: UserId | None, group: GroupId | None
    ) -> Grant | None:
        """The one to this user or this group on the object, locked until the transaction ends."""
        ...

    async def add(self, grant: Grant) -> None:
        """Raise `UnknownReceiverError` if the user or the group is not of this site."""
        ...

    async def save(self, grant: Grant) -> None: ...

    async def remove(self, grant: Grant) -> None: ...


class GrantReader(Protocol):
    """The grants on one object as they are shown; a user sees those to them and to their groups."""

    async def page(self, kind: Grantable, object_id: UUID, query: GrantQuery, viewer: Viewer) -> Page[GrantView]: ...

    async def get(self, kind: Grantable, object_id: UUID, grant_id: GrantId, viewer: Viewer) -> GrantView:
        """Raise `GrantNotFoundError` if there is no such grant for the viewer."""
        ...
