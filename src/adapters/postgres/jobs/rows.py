from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Index, Text, Uuid, func, literal_column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from adapters.postgres.tables import PLATFORM, Table, UtcTime, one_of
from domain.jobs.job import JobStatus, Queue

_WAITING = "status in ('pending', 'failed')"
_UNDERWAY = "status in ('queued', 'running')"
_LIVING = "status not in ('succeeded', 'dead', 'cancelled')"
OF_PLATFORM: Final[ColumnElement[UUID]] = literal_column("'00000000-0000-0000-0000-000000000000'::uuid", Uuid())


def lane(site_id: Any) -> ColumnElement[UUID]:
    """Whose turn a job waits for: its site's, or the platform's, which takes turns like one more site."""
    return func.coalesce(site_id, OF_PLATFORM)


class JobRow(Table):
    """A job of the platform (no `site_id`) or of a site. The row is its own history: there is no audit trigger.

    `lease` is whose it is until `lease_until`: a worker's while it runs, nobody's while it is with the broker. `steps`
    are what it has done once. No key to sites: whoever adds a job must not wait for who changes the site.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        one_of("status", JobStatus),
        one_of("queue", Queue),
        Index("ix_jobs_waiting", "queue", lane(text("site_id")), "run_at", "id", postgresql_where=text(_WAITING)),
        Index("ix_jobs_underway", "queue", lane(text("site_id")), postgresql_where=text(_UNDERWAY)),
        Index("ix_jobs_lease_until", "lease_until", postgresql_where=text(_UNDERWAY)),
        Index("uq_jobs_unique_key", lane(text("site_id")), "unique_key", unique=True, postgresql_where=text(_LIVING)),
        Index("ix_jobs_site_id_created_at", "site_id", "created_at", "id"),
        Index("ix_jobs_created_at_id", "created_at", "id"),
        Index("ix_jobs_asked_by", "asked_by", "created_at", "id", postgresql_where=text("asked_by is not null")),
        Index("ix_jobs_finished_at", "finished_at"),
        {"schema": PLATFORM},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    queue: Mapped[str] = mapped_column(Text)
    site_id: Mapped[UUID | None]
    asker: Mapped[dict[str, Any]] = mapped_column(JSONB)
    asked_by: Mapped[UUID | None]
    arguments: Mapped[dict[str, Any]] = mapped_column(JSONB)
    unique_key: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int]
    run_at: Mapped[datetime] = mapped_column(UtcTime)
    lease: Mapped[UUID | None]
    lease_until: Mapped[datetime | None] = mapped_column(UtcTime)
    deliveries: Mapped[int]
    worker: Mapped[str | None] = mapped_column(Text)
    steps: Mapped[list[str]] = mapped_column(ARRAY(Text))
    progress: Mapped[dict[str, Any]] = mapped_column(JSONB)
    error: Mapped[str | None] = mapped_column(Text)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcTime)
    version: Mapped[int]
