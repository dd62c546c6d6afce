"""What every adapter here starts from that works on the tables of one schema."""

from adapters.memory.database import MemoryDatabase, MemorySchema
from domain.tenancy.scope import Scope


class Scoped:
    """On the tables of the scope in whose name this runs: the platform's or a site's."""

    def __init__(self, database: MemoryDatabase, scope: Scope) -> None:
        self._database = database
        self._scope = scope

    @property
    def _tables(self) -> MemorySchema:
        return self._database.within(self._scope)


class OfSite(Scoped):
    """On the tables of a site. Raise `MissingSchemaError` on the platform."""

    @property
    def _tables(self) -> MemorySchema:
        return self._database.of_site(self._scope)
