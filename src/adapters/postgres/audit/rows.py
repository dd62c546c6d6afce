from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from adapters.postgres.tables import SCOPE, Table, UtcTime


class HistoryRow(Table):
    """One change of one row, written by the trigger `audit` (migrations/sql) and by nobody else.

    `before` and `after` hold the changed columns only; of an insert all of `after`, of a delete all
    of `before`. Secret columns are in neither. `actor` is a user of the same schema, `actor_label`
    their name then, `db_role` the role of the database session.
    """

    __tablename__ = "history"
    __table_args__ = (
        Index("ix_history_row_id_id", "row_id", "id"),
        Index(
            "ix_history_deleted",
            "before",
            postgresql_using="gin",
            postgresql_ops={"before": "jsonb_path_ops"},
            postgresql_where=text("operation = 'delete' and table_name in ('members', 'domains')"),
        ),
        {"schema": SCOPE},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcTime, server_default=text("now()"))
    actor: Mapped[UUID | None]
    actor_label: Mapped[str | None] = mapped_column(Text)
    impersonator: Mapped[UUID | None]
    request_id: Mapped[str | None] = mapped_column(Text)
    db_role: Mapped[str] = mapped_column(Text, server_default=text("session_user"))
    operation: Mapped[str] = mapped_column(Text)
    table_name: Mapped[str] = mapped_column(Text)
    row_id: Mapped[UUID]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class RetentionRow(Table):
    """From when on the history of this schema is whole; one row at most, written by the retention job alone."""

    __tablename__ = "history_retention"
    __table_args__ = (
        CheckConstraint("id = '00000000-0000-0000-0000-000000000000'", name="one"),
        {"schema": SCOPE},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kept_since: Mapped[datetime] = mapped_column(UtcTime)
