"""jobs are rows: what is to be done in the background, and how it goes

Names no schema and asks the database nothing: its SQL is rendered once and replayed for every schema.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[2] / "sql"
LANE = sa.text("coalesce(site_id, '00000000-0000-0000-0000-000000000000'::uuid)")


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("asker", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("arguments", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("unique_key", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deliveries", sa.Integer(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("steps", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("progress", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("queue in ('emails', 'reports', 'tenant_tasks', 'maintenance')", name=op.f("ck_jobs_queue")),
        sa.CheckConstraint(
            "status in ('pending', 'queued', 'running', 'succeeded', 'failed', 'dead', 'cancelled')",
            name=op.f("ck_jobs_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index(
        "ix_jobs_asked_by",
        "jobs",
        ["asked_by", "created_at", "id"],
        unique=False,
        postgresql_where=sa.text("asked_by is not null"),
    )
    op.create_index("ix_jobs_created_at_id", "jobs", ["created_at", "id"], unique=False)
    op.create_index("ix_jobs_finished_at", "jobs", ["finished_at"], unique=False)
    op.create_index(
        "ix_jobs_lease_until",
        "jobs",
        ["lease_until"],
        unique=False,
        postgresql_where=sa.text("status in ('queued', 'running')"),
    )
    op.create_index("ix_jobs_site_id_created_at", "jobs", ["site_id", "created_at", "id"], unique=False)
    op.create_index(
        "ix_jobs_underway",
        "jobs",
        ["queue", LANE],
        unique=False,
        postgresql_where=sa.text("status in ('queued', 'running')"),
    )
    op.create_index(
        "ix_jobs_waiting",
        "jobs",
        ["queue", LANE, "run_at", "id"],
        unique=False,
        postgresql_where=sa.text("status in ('pending', 'failed')"),
    )
    op.create_index(
        "uq_jobs_unique_key",
        "jobs",
        [LANE, "unique_key"],
        unique=True,
        postgresql_where=sa.text("status not in ('succeeded', 'dead', 'cancelled')"),
    )
    op.execute((SQL / "jobs.sql").read_text())


def downgrade() -> None:
    op.drop_index(
        "uq_jobs_unique_key",
        table_name="jobs",
        postgresql_where=sa.text("status not in ('succeeded', 'dead', 'cancelled')"),
    )
    op.drop_index("ix_jobs_waiting", table_name="jobs", postgresql_where=sa.text("status in ('pending', 'failed')"))
    op.drop_index("ix_jobs_underway", table_name="jobs", postgresql_where=sa.text("status in ('queued', 'running')"))
    op.drop_index("ix_jobs_site_id_created_at", table_name="jobs")
    op.drop_index("ix_jobs_lease_until", table_name="jobs", postgresql_where=sa.text("status in ('queued', 'running')"))
    op.drop_index("ix_jobs_finished_at", table_name="jobs")
    op.drop_index("ix_jobs_created_at_id", table_name="jobs")
    op.drop_index("ix_jobs_asked_by", table_name="jobs", postgresql_where=sa.text("asked_by is not null"))
    op.drop_table("jobs")
    op.execute("drop function wake_dispatchers")
