"""Which objects a user may view, as a condition for the readers of their tables."""

from typing import Any, Final, Protocol

from sqlalchemy import ColumnElement, CompoundSelect, Select, Uuid, any_, bindparam, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from adapters.postgres.access.rows import GrantRow, GroupMemberRow
from adapters.postgres.tables import TENANT, Table
from domain.shared.grantable import Grantable, ObjectPermission

VIEWER: Final = bindparam("viewer", type_=Uuid())
"""The user who asks."""


class GrantableRow(Protocol):
    """What the row class of a kind must have that can be granted."""

    id: Any
    owner_id: Any


def viewable(kind: Grantable, row: type[GrantableRow]) -> ColumnElement[bool]:
    """`row` is one that `VIEWER` may view, as `GrantableObjects.held` says.

    Each way to it is found by an index that starts with the user or with what the object lies in, so it costs by what
    the user may view and not by what there is; as one condition with OR, PostgreSQL would look at every row.
    """
    key: InstrumentedAttribute[Any] = row.id
    return key.in_(_viewable_ids(kind))


def _viewable_ids(kind: Grantable) -> CompoundSelect[Any]:
    objects = table_of(kind).alias()
    ids = select(objects.c.id)
    parties = [party for party in kind.parties if ObjectPermission.VIEW in party.may]
    return union_all(
        ids.where(objects.c.owner_id == VIEWER),
        *(ids.where(objects.c[f"{party.field}_id"] == VIEWER) for party in parties),
        _granted(kind, GrantRow.user_id == VIEWER),
        _granted(kind, GrantRow.group_id.in_(groups_of_viewer())),
        *(ids.where(objects.c[f"{within.field}_id"].in_(_viewable_ids(within.kind))) for within in kind.within),
    )


def table_of(kind: Grantable) -> Any:
    """The table of a kind: with the columns `id` and `owner_id`, and one for each field that the kind names."""
    return Table.metadata.tables[f"{TENANT}.{kind.resource}"]


def groups_of_viewer() -> Select[Any]:
    return select(GroupMemberRow.group_id).where(GroupMemberRow.user_id == VIEWER)


def _granted(kind: Grantable, received: ColumnElement[bool]) -> Select[Any]:
    may_view = literal(ObjectPermission.VIEW.value) == any_(GrantRow.permissions)
    return select(GrantRow.object_id).where(GrantRow.resource == kind.resource, received, may_view)
