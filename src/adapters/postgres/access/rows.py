from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, collate, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from adapters.postgres.identity.rows import UserRow
from adapters.postgres.tables import TENANT, EntityTable, Table, UtcTime


class GroupRow(EntityTable):
    __tablename__ = "groups"

    name: Mapped[str] = mapped_column(Text)
    permissions: Mapped[list[str]] = mapped_column(ARRAY(Text))

    __table_args__ = (
        Index("uq_groups_name", func.lower(collate(name, "C")), unique=True),
        {"schema": TENANT},
    )


class GroupMemberRow(Table):
    __tablename__ = "group_members"
    __table_args__ = (
        Index("uq_group_members_group_id_user_id", "group_id", "user_id", unique=True),
        Index("ix_group_members_user_id", "user_id"),
        {"schema": TENANT},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    group_id: Mapped[UUID] = mapped_column(
        ForeignKey(GroupRow.id, name="fk_group_members_group_id_groups", ondelete="CASCADE")
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey(UserRow.id, name="fk_group_members_user_id_users", ondelete="CASCADE")
    )
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    created_by: Mapped[UUID | None]


class GrantRow(EntityTable):
    """What a user or a group may do with one object, a row of the table `resource`.

    Grants go with their object, by a trigger on its table (migrations/sql/grants.sql).
    """

    __tablename__ = "grants"
    __table_args__ = (
        CheckConstraint("num_nonnulls(user_id, group_id) = 1", name="receiver"),
        Index(
            "uq_grants_user",
            "object_id",
            "user_id",
            "resource",
            unique=True,
            postgresql_where=text("user_id is not null"),
        ),
        Index(
            "uq_grants_group",
            "object_id",
            "group_id",
            "resource",
            unique=True,
            postgresql_where=text("group_id is not null"),
        ),
        Index("ix_grants_object_id", "object_id"),
        Index("ix_grants_user_id", "user_id"),
        Index("ix_grants_group_id", "group_id"),
        {"schema": TENANT},
    )

    resource: Mapped[str] = mapped_column(Text)
    object_id: Mapped[UUID]
    user_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(UserRow.id, name="fk_grants_user_id_users", ondelete="CASCADE")
    )
    group_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(GroupRow.id, name="fk_grants_group_id_groups", ondelete="CASCADE")
    )
    permissions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    granted_by: Mapped[UUID | None]
