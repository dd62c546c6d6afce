from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from adapters.postgres.identity.rows import UserRow
from adapters.postgres.projects.rows import ProjectRow
from adapters.postgres.tables import PLATFORM, TENANT, EntityTable, Table, UtcTime
from adapters.postgres.tasks.rows import TaskRow


class FileRow(EntityTable):
    """A file that is there; `upload_id` are its bytes in the store, `sha256` is of them."""

    __tablename__ = "files"
    __table_args__ = (
        CheckConstraint("status in ('stored', 'quarantined')", name="status"),
        Index("ix_files_created_at_id", "created_at", "id"),
        Index("ix_files_owner_id", "owner_id"),
        CheckConstraint("num_nonnulls(project_id, task_id) <= 1", name="place"),
        Index("ix_files_project_id", "project_id"),
        Index("ix_files_task_id", "task_id"),
        Index("uq_files_upload_id", "upload_id", unique=True),
        {"schema": TENANT},
    )

    name: Mapped[str] = mapped_column(Text)
    content_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[str] = mapped_column(Text)
    upload_id: Mapped[UUID]
    owner_id: Mapped[UUID] = mapped_column(ForeignKey(UserRow.id, name="fk_files_owner_id_users", ondelete="RESTRICT"))
    project_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(ProjectRow.id, name="fk_files_project_id_projects", ondelete="RESTRICT")
    )
    task_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(TaskRow.id, name="fk_files_task_id_tasks", ondelete="RESTRICT")
    )


class UploadRow(Table):
    """The open upload of a file; `id` is the file's, which is not there yet if there is a `name`.

    `project_id` or `task_id` is where it will lie. No key to `files`: the row is there before the file is.
    """

    __tablename__ = "uploads"
    __table_args__ = (
        CheckConstraint("num_nonnulls(project_id, task_id) <= case when name is null then 0 else 1 end", name="place"),
        Index("ix_uploads_expires_at", "expires_at"),
        Index("ix_uploads_created_by", "created_by"),
        Index("ix_uploads_project_id", "project_id"),
        Index("ix_uploads_task_id", "task_id"),
        Index("uq_uploads_upload_id", "upload_id", unique=True),
        {"schema": TENANT},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    upload_id: Mapped[UUID]
    name: Mapped[str | None] = mapped_column(Text)
    content_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    handle: Mapped[str | None] = mapped_column(Text)
    project_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(ProjectRow.id, name="fk_uploads_project_id_projects", ondelete="CASCADE")
    )
    task_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(TaskRow.id, name="fk_uploads_task_id_tasks", ondelete="CASCADE")
    )
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    created_by: Mapped[UUID] = mapped_column(
        ForeignKey(UserRow.id, name="fk_uploads_created_by_users", ondelete="RESTRICT")
    )
    version: Mapped[int]


class OrganizationStorageRow(Table):
    """How many bytes all sites of an organization keep together. Sums of what is elsewhere, so without history.

    Neither this nor `site_storage` refers to organizations or sites: whoever deletes a site holds these locked and
    then wants its tables, which a request holds that would wait here for them.
    """

    __tablename__ = "organization_storage"
    __table_args__ = ({"schema": PLATFORM},)

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    bytes: Mapped[int] = mapped_column(BigInteger)


class SiteStorageRow(Table):
    """How many bytes a site keeps: of its files and its open uploads."""

    __tablename__ = "site_storage"
    __table_args__ = (Index("ix_site_storage_organization_id", "organization_id"), {"schema": PLATFORM})

    site_id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    bytes: Mapped[int] = mapped_column(BigInteger)
