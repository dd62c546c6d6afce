"""history is kept from a time on, and nothing younger leaves it; deleted rows are found by what they were

Names no schema and asks the database nothing: its SQL is rendered once and replayed for every schema.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[2] / "sql"
REFUSE_CHANGE = """
create or replace function refuse_change() returns trigger language plpgsql as $body$
begin
    if coalesce(current_setting('app.retention', true), '') <> 'on' then
        raise exception 'history is append-only' using errcode = 'insufficient_privilege';
    end if;
    return null;
end
$body$
"""


def upgrade() -> None:
    op.create_table(
        "history_retention",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kept_since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = '00000000-0000-0000-0000-000000000000'", name=op.f("ck_history_retention_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_retention")),
    )
    op.create_index(
        "ix_history_deleted",
        "history",
        ["before"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"before": "jsonb_path_ops"},
        postgresql_where=sa.text("operation = 'delete' and table_name in ('members', 'domains')"),
    )
    op.execute(
        "create trigger audit after insert or update or delete on history_retention for each row execute function audit('history_retention')"
    )
    op.execute((SQL / "retention.sql").read_text())


def downgrade() -> None:
    op.execute("drop trigger kept on history")
    op.drop_index("ix_history_deleted", table_name="history")
    op.drop_table("history_retention")
    op.execute("drop function guard_history, guard_retention")
    op.execute(REFUSE_CHANGE)
