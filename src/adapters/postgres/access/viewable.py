"""Which objects a user may view, as a condition for the readers of their tables."""

from typing import Any, Final, Protocol

from sqlalchemy import ColumnElement, Select, Uuid, any_, bindparam, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, aliased

from adapters.postgres.access.rows import GrantRow, GroupMemberRow
from domain.shared.grantable import Grantable, ObjectPermission

VIEWER: Final = bindparam("viewer", type_=Uuid())
"""The user who asks."""


class GrantableRow(Protocol):
    """What the row class of a kind must have that can be granted."""

    id: Any
    owner_id: Any


def viewable(kind: Grantable, row: type[GrantableRow]) -> ColumnElement[bool]:
    """`row` is one of `VIEWER`'s own, or granted to them or to a group of theirs.

    Each of the three is found by an index that starts with the user, so it costs by what the user may view and not
    by what there is; as one condition with OR, PostgreSQL would look at every row.
    """
    own: Any = aliased(row)
    to_group = GrantRow.group_id.in_(groups_of_viewer())
    ids = union_all(
        select(own.id).where(own.owner_id == VIEWER),
        _granted(kind, GrantRow.user_id == VIEWER),
        _granted(kind, to_group),
    )
    key: InstrumentedAttribute[Any] = row.id
    return key.in_(ids)


def groups_of_viewer() -> Select[Any]:
    return select(GroupMemberRow.group_id).where(GroupMemberRow.user_id == VIEWER)


def _granted(kind: Grantable, received: ColumnElement[bool]) -> Select[Any]:
    may_view = literal(ObjectPermission.VIEW.value) == any_(GrantRow.permissions)
    return select(GrantRow.object_id).where(GrantRow.resource == kind.resource, received, may_view)
