from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from adapters.postgres.identity.rows import UserRow
from adapters.postgres.tables import TENANT, Table, UtcTime, one_of
from domain.projects.project import ProjectStatus


class ProjectRow(Table):
    __tablename__ = "projects"
    __table_args__ = (
        one_of("status", ProjectStatus),
        Index("ix_projects_created_at_id", "created_at", "id"),
        Index("ix_projects_owner_id", "owner_id"),
        Index("ix_projects_status", "status"),
        {"schema": TENANT},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[UUID] = mapped_column(
        ForeignKey(UserRow.id, name="fk_projects_owner_id_users", ondelete="RESTRICT")
    )
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
    created_by: Mapped[UUID | None]
    version: Mapped[int]
