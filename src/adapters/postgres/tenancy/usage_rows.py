from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from adapters.postgres.tables import PLATFORM, Table


class SiteDayRow(Table):
    """What a site took on a day, in UTC; null: nobody has measured it yet. Counts, so there is no audit trigger."""

    __tablename__ = "site_days"
    __table_args__ = ({"schema": PLATFORM},)

    site_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    requests: Mapped[int] = mapped_column(BigInteger, server_default="0")
    jobs: Mapped[int | None]
    rows: Mapped[int | None] = mapped_column(BigInteger)
    bytes: Mapped[int | None] = mapped_column(BigInteger)
    files: Mapped[int | None] = mapped_column(BigInteger)
    file_bytes: Mapped[int | None] = mapped_column(BigInteger)
