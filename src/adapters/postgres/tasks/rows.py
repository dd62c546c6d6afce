from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from adapters.postgres.identity.rows import UserRow
from adapters.postgres.projects.rows import ProjectRow
from adapters.postgres.tables import TENANT, EntityTable, UtcTime, one_of
from domain.tasks.task import TaskPriority, TaskStatus


class TaskRow(EntityTable):
    """An index for each filter, and one for a project's newest tasks; a deleted user's tasks are nobody's to do."""

    __tablename__ = "tasks"
    __table_args__ = (
        one_of("status", TaskStatus),
        one_of("priority", TaskPriority),
        CheckConstraint("(status = 'done') = (completed_at is not null)", name="completed_at"),
        Index("ix_tasks_project_id_created_at_id", "project_id", "created_at", "id"),
        Index("ix_tasks_created_at_id", "created_at", "id"),
        Index("ix_tasks_owner_id", "owner_id"),
        Index("ix_tasks_priority_status", "priority", "status"),
        Index("ix_tasks_assignee_id_status", "assignee_id", "status"),
        Index("ix_tasks_status_due_date", "status", "due_date"),
        Index("ix_tasks_due_date_id", "due_date", "id"),
        Index("ix_tasks_completed_at", "completed_at"),
        {"schema": TENANT},
    )

    project_id: Mapped[UUID] = mapped_column(
        ForeignKey(ProjectRow.id, name="fk_tasks_project_id_projects", ondelete="RESTRICT")
    )
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    priority: Mapped[str] = mapped_column(Text)
    assignee_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(UserRow.id, name="fk_tasks_assignee_id_users", ondelete="SET NULL")
    )
    due_date: Mapped[date | None]
    completed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey(UserRow.id, name="fk_tasks_owner_id_users", ondelete="RESTRICT"))
