from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from typing import Final, Literal, Self, TypeAlias
from uuid import UUID

from application.shared.page import FIRST_PAGE, PageRequest
from domain.access.grant import Grant
from domain.shared.caller import UserId
from domain.shared.grantable import ObjectPermission


class _Sight(Enum):
    ALL = "all"


SEES_ALL: Final = _Sight.ALL
Viewer: TypeAlias = UserId | Literal[_Sight.ALL]
"""For whom objects are read: one user, who sees what `GrantableObjects.held` lets them view, or who sees all."""


@dataclass(slots=True)
class GrantView:
    """A grant as it is shown: to a `user` or to a `group`. `granted_by` is the user who decided last."""

    id: UUID
    user: UUID | None
    group: UUID | None
    permissions: list[ObjectPermission]
    granted_by: UUID | None
    created_at: datetime
    updated_at: datetime
    created_by: UUID | None
    version: int

    @classmethod
    def of(cls, grant: Grant) -> Self:
        return cls(
            id=grant.id,
            user=grant.user,
            group=grant.group,
            permissions=in_order(grant.permissions),
            granted_by=grant.granted_by,
            created_at=grant.created_at,
            updated_at=grant.updated_at,
            created_by=grant.created_by,
            version=grant.version,
        )


def in_order(permissions: Collection[str]) -> list[ObjectPermission]:
    return [permission for permission in ObjectPermission if permission in permissions]


class GrantOrder(StrEnum):
    CREATED_AT = "created_at"
    CREATED_AT_DOWN = "-created_at"
    UPDATED_AT = "updated_at"
    UPDATED_AT_DOWN = "-updated_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantQuery:
    """Which grants on one object, in which order; None filters nothing."""

    page: PageRequest = FIRST_PAGE
    user: UUID | None = None
    group: UUID | None = None
    ordering: GrantOrder = GrantOrder.CREATED_AT
