"""many tables, each with a primary key, two more indexes and the audit trigger"""

import sqlalchemy as sa
from alembic import op

revision = "bench"
down_revision = "@HEAD@"
branch_labels = None
depends_on = None

COUNT = int("@COUNT@")


def upgrade() -> None:
    for number in range(COUNT):
        table = f"bench_{number:02d}"
        op.create_table(
            table,
            sa.Column("id", sa.Uuid(), nullable=False),
            sa.Column("name", sa.Text(), nullable=False),
            sa.Column("status", sa.Text(), nullable=False),
            sa.Column("amount", sa.Integer(), nullable=True),
            sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        )
        op.create_index(f"ix_{table}_created_at_id", table, ["created_at", "id"])
        op.create_index(f"ix_{table}_status", table, ["status"])
        op.execute(
            f"create trigger audit after insert or update or delete on {table} "
            f"for each row execute function audit('{table}')"
        )
