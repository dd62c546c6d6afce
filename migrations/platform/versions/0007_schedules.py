"""schedules are rows; the history tells what people write in them, not when they run

Names no schema and asks the database nothing: its SQL is rendered once and replayed for every schema.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "schedules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("arguments", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("cron", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("interval_seconds", sa.Integer(), nullable=True),
        sa.Column("once_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("misfire", sa.Text(), nullable=False),
        sa.Column("jitter_seconds", sa.Integer(), nullable=False),
        sa.Column("builtin", sa.Text(), nullable=True),
        sa.Column("next_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("run_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(site_id is not null) = (scope = 'site')", name=op.f("ck_schedules_site")),
        sa.CheckConstraint("misfire in ('skip', 'run_once')", name=op.f("ck_schedules_misfire")),
        sa.CheckConstraint("scope in ('platform', 'all_sites', 'site')", name=op.f("ck_schedules_scope")),
        sa.CheckConstraint("num_nonnulls(cron, interval_seconds, once_at) = 1", name=op.f("ck_schedules_one_time")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
    )
    op.create_index("ix_schedules_next_run_at", "schedules", ["next_run_at"], unique=False)
    op.create_index("uq_schedules_builtin", "schedules", ["builtin"], unique=True)
    op.create_index("uq_schedules_name", "schedules", ["name"], unique=True)
    op.execute(
        "create trigger audit after insert or update or delete on schedules for each row execute function "
        "audit('schedules', 'next_run_at', 'last_run_at', 'run_count')"
    )


def downgrade() -> None:
    op.drop_index("uq_schedules_name", table_name="schedules")
    op.drop_index("uq_schedules_builtin", table_name="schedules")
    op.drop_index("ix_schedules_next_run_at", table_name="schedules")
    op.drop_table("schedules")
