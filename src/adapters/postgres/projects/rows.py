from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from adapters.postgres.identity.rows import UserRow
from adapters.postgres.tables import TENANT, EntityTable, one_of
from domain.projects.project import ProjectStatus


class ProjectRow(EntityTable):
    __tablename__ = "projects"
    __table_args__ = (
        one_of("status", ProjectStatus),
        Index("ix_projects_created_at_id", "created_at", "id"),
        Index("ix_projects_owner_id", "owner_id"),
        Index("ix_projects_status", "status"),
        {"schema": TENANT},
    )

    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[UUID] = mapped_column(
        ForeignKey(UserRow.id, name="fk_projects_owner_id_users", ondelete="RESTRICT")
    )
