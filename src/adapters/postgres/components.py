from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Text, bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tables import PLATFORM, Table, UtcTime
from application.health.ports import ComponentHealth, HealthBoard


class ComponentRow(Table):
    """How a component is; the log tells how it was. There is no audit trigger."""

    __tablename__ = "components"
    __table_args__ = ({"schema": PLATFORM},)

    component: Mapped[str] = mapped_column(Text, primary_key=True)
    problem: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(UtcTime)
    checked_at: Mapped[datetime] = mapped_column(UtcTime)


_NAMES: Final = ("component", "problem", "since", "checked_at")
_ALL: Final = Sql(select(*ComponentRow.__table__.c).order_by(ComponentRow.component))
_NEW: Final = insert(ComponentRow).values({name: bindparam(name) for name in _NAMES})
_SAVE: Final = Sql(
    _NEW.on_conflict_do_update(
        index_elements=[ComponentRow.component], set_={name: _NEW.excluded[name] for name in _NAMES}
    )
)


class PostgresHealthBoard(HealthBoard):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def all(self) -> Sequence[ComponentHealth]:
        return [ComponentHealth(**dict(record)) for record in await self._session.fetch(_ALL)]

    async def save(self, health: ComponentHealth) -> None:
        await self._session.execute(_SAVE, **{name: getattr(health, name) for name in _NAMES})
