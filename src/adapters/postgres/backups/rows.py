from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from adapters.postgres.tables import PLATFORM, Table, UtcTime, one_of
from domain.backups.backup import BackupKind, BackupStatus


class BackupRow(Table):
    """A backup of a site. The row stays when its bytes go, and is its own history: there is no audit trigger.

    No key to sites: it outlives them, and whoever takes a backup must not wait for who changes the site.
    """

    __tablename__ = "backups"
    __table_args__ = (
        one_of("kind", BackupKind),
        one_of("status", BackupStatus),
        Index(
            "ix_backups_site_id_created_at", "site_id", "created_at", "id", postgresql_where=text("status <> 'expired'")
        ),
        Index("ix_backups_running", "job_id", postgresql_where=text("status = 'running'")),
        {"schema": PLATFORM},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    site_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    revision: Mapped[str] = mapped_column(Text)
    rows: Mapped[int] = mapped_column(BigInteger)
    files: Mapped[int] = mapped_column(BigInteger)
    file_bytes: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    created_by: Mapped[UUID | None]
    job_id: Mapped[UUID | None]
    verified_at: Mapped[datetime | None] = mapped_column(UtcTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcTime)
    error: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int]
