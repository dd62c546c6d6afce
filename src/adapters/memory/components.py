from collections.abc import Sequence

from adapters.memory.database import MemoryDatabase
from application.health.ports import ComponentHealth, HealthBoard


class MemoryHealthBoard(HealthBoard):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def all(self) -> Sequence[ComponentHealth]:
        return [self._database.components[name] for name in sorted(self._database.components)]

    async def save(self, health: ComponentHealth) -> None:
        self._database.components[health.component] = health
