"""How grants look on the wire, coming in; going out they look as they are read (`GrantView`)."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from application.access.grant_views import GrantOrder, GrantQuery
from domain.access.group import GroupId
from domain.shared.caller import UserId
from domain.shared.grantable import ObjectPermission
from entrypoints.http.lists import PageQuery

Permissions = Annotated[
    list[ObjectPermission],
    Meta(min_length=1, max_length=20, description="Whoever may do anything may view.", examples=[["view", "change"]]),
]


class ShareObjectRequest(Struct, forbid_unknown_fields=True):
    """Either a `user` or a `group` of the site, and what they may do with the object."""

    permissions: Permissions
    user: UUID | None = None
    group: UUID | None = None

    @property
    def user_id(self) -> UserId | None:
        return UserId(self.user) if self.user else None

    @property
    def group_id(self) -> GroupId | None:
        return GroupId(self.group) if self.group else None


class GrantListQuery(PageQuery, frozen=True):
    user: UUID | None = None
    group: UUID | None = None
    ordering: GrantOrder = GrantOrder.CREATED_AT

    def as_query(self) -> GrantQuery:
        return GrantQuery(page=self.slice, user=self.user, group=self.group, ordering=self.ordering)
