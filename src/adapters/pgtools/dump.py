from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from pathlib import Path

from adapters.pgtools.process import ProgramFailedError, output_of
from adapters.pgtools.programs import Tools, connection_of, newest_tools, require_fit
from application.backups.schema_ports import DumpToolsError, SchemaDump, Snapshot
from domain.backups.backup import BackupDamagedError
from domain.tenancy.schema import SchemaName


class PgSchemaDump(SchemaDump):
    """`pg_dump` in the custom format, which is compressed and has its own table of contents.

    `folders` are where the programs may be; the newest are taken. `url` is the database's own, of no pooler.
    """

    def __init__(self, url: str, folders: Sequence[Path]) -> None:
        self._connection = connection_of(url)
        self._folders = folders

    async def version(self, server: str) -> str:
        return (await self._fitting(server)).version

    async def write(self, schema: SchemaName, snapshot: Snapshot) -> AsyncGenerator[bytes, None]:
        tools = await self._fitting(snapshot.server)
        command = (
            tools.folder / "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-acl",
            "--strict-names",
            "--lock-wait-timeout=30s",
            f'--schema="{schema.name}"',
            f"--snapshot={snapshot.id}",
            f"--dbname={self._connection.url}",
        )
        try:
            async with aclosing(output_of(command, self._connection.environment)) as chunks:
                async for chunk in chunks:
                    yield chunk
        except ProgramFailedError as error:
            raise DumpToolsError(f"pg_dump: {error}") from error

    async def data(self, dump: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
        tools = await newest_tools(self._folders)
        if tools is None:
            raise DumpToolsError(
                "there is no pg_restore here: set TARUVI_PG_TOOLS to the folder of PostgreSQL's programs"
            )
        command = (tools.folder / "pg_restore", "--data-only", "--file=-")
        try:
            async with aclosing(output_of(command, self._connection.environment, dump)) as chunks:
                async for chunk in chunks:
                    yield chunk
        except ProgramFailedError as error:
            raise BackupDamagedError(f"pg_restore cannot read the dump: {error}") from error

    async def _fitting(self, server: str) -> Tools:
        return require_fit(await newest_tools(self._folders), server)
