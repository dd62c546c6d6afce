"""a nullable column on one table"""

import sqlalchemy as sa
from alembic import op

revision = "bench"
down_revision = "@HEAD@"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("projects", sa.Column("estimate", sa.Integer(), nullable=True))
