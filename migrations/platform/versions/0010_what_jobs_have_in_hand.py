"""sites know which job has them closed, backups which one takes them

Names no schema and asks the database nothing: its SQL is rendered once and replayed for every schema.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sites", sa.Column("closed_by", sa.Uuid(), nullable=True))
    op.add_column("backups", sa.Column("job_id", sa.Uuid(), nullable=True))
    op.create_index("ix_sites_closed_by", "sites", ["closed_by"], postgresql_where=sa.text("closed_by is not null"))
    op.create_index("ix_backups_running", "backups", ["job_id"], postgresql_where=sa.text("status = 'running'"))


def downgrade() -> None:
    op.drop_index("ix_backups_running", table_name="backups", postgresql_where=sa.text("status = 'running'"))
    op.drop_index("ix_sites_closed_by", table_name="sites", postgresql_where=sa.text("closed_by is not null"))
    op.drop_column("backups", "job_id")
    op.drop_column("sites", "closed_by")
