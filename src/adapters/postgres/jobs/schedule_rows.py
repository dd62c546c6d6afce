from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from adapters.postgres.tables import PLATFORM, EntityTable, UtcTime, one_of
from domain.jobs.schedule import Misfire, ScheduleScope


class ScheduleRow(EntityTable):
    """When a job is to run. The history does not tell of what runs: of `next_run_at`, `last_run_at`, `run_count`."""

    __tablename__ = "schedules"
    __table_args__ = (
        one_of("scope", ScheduleScope),
        one_of("misfire", Misfire),
        CheckConstraint("num_nonnulls(cron, interval_seconds, once_at) = 1", name="one_time"),
        CheckConstraint("(site_id is not null) = (scope = 'site')", name="site"),
        Index("uq_schedules_name", "name", unique=True),
        Index("uq_schedules_builtin", "builtin", unique=True),
        Index("ix_schedules_next_run_at", "next_run_at"),
        {"schema": PLATFORM},
    )

    name: Mapped[str] = mapped_column(Text)
    job: Mapped[str] = mapped_column(Text)
    arguments: Mapped[dict[str, Any]] = mapped_column(JSONB)
    scope: Mapped[str] = mapped_column(Text)
    site_id: Mapped[UUID | None]
    cron: Mapped[str | None] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)
    interval_seconds: Mapped[int | None]
    once_at: Mapped[datetime | None] = mapped_column(UtcTime)
    is_enabled: Mapped[bool]
    misfire: Mapped[str] = mapped_column(Text)
    jitter_seconds: Mapped[int]
    builtin: Mapped[str | None] = mapped_column(Text)
    next_run_at: Mapped[datetime | None] = mapped_column(UtcTime)
    last_run_at: Mapped[datetime | None] = mapped_column(UtcTime)
    run_count: Mapped[int]
