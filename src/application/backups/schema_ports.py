"""The schemas of sites, as backups need them: seen at one instant, dumped, and built from a dump."""

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol

from domain.backups.manifest import KeptFile, Manifest, TableSum
from domain.shared.errors import UnavailableError
from domain.tenancy.schema import SchemaName
from domain.tenancy.site import Site


class DumpToolsError(UnavailableError):
    """There is no program that can dump a server of this version; or it failed, for a reason that may pass."""

    code = "backup_tools"

    def __init__(self, message: str) -> None:
        super().__init__(message, retry_after=60)


class SchemaChangedError(Exception):
    """Somebody wrote into the schema since."""


class Snapshot(Protocol):
    """A schema as it was at one instant. `id` lets a dump be of the same one; `server` is the database's version."""

    id: str
    server: str
    revision: str

    async def tables(self) -> Mapping[str, TableSum]: ...

    async def files(self, *, in_quarantine: bool = True) -> Sequence[KeptFile]:
        """Also those whose bytes are kept from everybody, unless told otherwise."""
        ...

    def rows(self, table: str, *, without: Collection[str]) -> AsyncIterator[Mapping[str, Any]]:
        """All of one table, a few at a time in memory, without these columns; values as JSON has them."""
        ...


class SchemaSnapshots(Protocol):
    def open(self, schema: SchemaName) -> AbstractAsyncContextManager[Snapshot]:
        """As it is now, for as long as this is open; nobody is kept from writing meanwhile."""
        ...


class SchemaDump(Protocol):
    """What writes and reads dumps: PostgreSQL's own programs."""

    async def version(self, server: str) -> str:
        """Of the program that dumps a server of this version. Raise `DumpToolsError` where there is none."""
        ...

    def write(self, schema: SchemaName, snapshot: Snapshot) -> AsyncGenerator[bytes, None]:
        """The schema and nothing else, as it was at that instant. Raise `DumpToolsError`."""
        ...

    def data(self, dump: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
        """The rows of a dump, as a script. Reads all of it. Raise `BackupDamagedError` where it is no whole dump."""
        ...


class SchemaBuilding(Protocol):
    """Schemas that are made of dumps, under a name of their own until they take the place of a site's."""

    def require_known(self, revision: str) -> None:
        """Raise `BackupRevisionError` for one that this release has never heard of."""
        ...

    async def count(self, script: AsyncIterator[bytes]) -> Mapping[str, int]:
        """How many rows of each table a script has. Nothing is written."""
        ...

    async def build(
        self, schema: SchemaName, script: AsyncIterator[bytes], manifest: Manifest, *, without: Collection[str]
    ) -> None:
        """Make the schema, at the revision of the manifest, with these rows, and bring it to the newest revision.

        In a transaction of its own, all or nothing, in place of what is there under this name. No trigger fires for
        a row that comes back. The tables `without` stay empty; all others are compared with the manifest: raise
        `BackupDamagedError` where they differ.
        """
        ...

    async def require_unchanged(self, schema: SchemaName, tables: Mapping[str, TableSum]) -> None:
        """Wait for whoever works in it, keep all others out until the transaction ends, and compare.

        Raise `SchemaChangedError` where it is not what the sums say.
        """
        ...

    async def adopt(self, schema: SchemaName, site: Site, *, is_new: bool) -> None:
        """Give it to the site in place of what that has, in the running transaction, and count its files.

        Raise `StorageLimitError` where the site is new and the plan has no room for them.
        """
        ...

    async def discard_built_before(self, moment: datetime) -> int:
        """Those that stand about since then: they took the place of none. How many. What is just built anew stays."""
        ...

    async def discard(self, schema: SchemaName) -> None:
        """One that was built and is not wanted. Safe to repeat."""
        ...
