"""What memberships in groups say of a user, as columns beside those of `UserRow`: in a site only."""

from typing import Any, Final

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from adapters.postgres.access.rows import GroupMemberRow, GroupRow
from adapters.postgres.identity.rows import UserRow

_OF_USER: Final = GroupMemberRow.user_id == UserRow.id

GIVEN: Final[ColumnElement[Any]] = func.array(
    select(func.unnest(GroupRow.permissions))
    .join(GroupMemberRow, GroupMemberRow.group_id == GroupRow.id)
    .where(_OF_USER)
    .distinct()
    .scalar_subquery()
)
"""The permissions that the user's groups give, as text[]."""

GROUPS: Final[ColumnElement[Any]] = (
    select(
        func.json_agg(
            aggregate_order_by(
                func.json_build_object(literal_column("'id'"), GroupRow.id, literal_column("'name'"), GroupRow.name),
                GroupRow.name,
                GroupRow.id,
            )
        )
    )
    .join(GroupMemberRow, GroupMemberRow.group_id == GroupRow.id)
    .where(_OF_USER)
    .scalar_subquery()
)
"""The user's groups by name, as JSON; NULL for none."""
