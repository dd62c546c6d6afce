"""sessions know the session of the platform that they were opened from

Names no schema and asks the database nothing: its SQL is rendered once and replayed for every schema.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("platform_session", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("sessions", "platform_session")
