"""An archive that anything reads, written as it is made: nothing of it is ever whole in memory or on a disk here."""

import json
import zipfile
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from application.backups.schema_ports import SchemaSnapshots, Snapshot
from application.backups.store import FileVault
from application.backups.taking import Release
from application.shared.jobs import Progress
from application.shared.ports import Clock
from domain.backups.manifest import KeptFile
from domain.tenancy.site import Site

SECRETS: Final = frozenset({"password_hash", "token_hash"})
"""Columns that nobody takes along."""
_CHUNK: Final = 1 << 18
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
"""A zip has no earlier time; the times of what is in it are in the rows."""


class _Drain:
    """What a zip is written into: handed on at once."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        self._held += data
        return len(data)

    def flush(self) -> None:
        """There is nowhere to flush to."""

    def taken(self) -> bytes:
        taken = bytes(self._held)
        self._held.clear()
        return taken


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportWriting:
    """`data/<table>.jsonl`, a row a line; `files/<upload id>`, the bytes; `manifest.json`, what there is.

    Of files in quarantine there are the rows alone.
    """

    snapshots: SchemaSnapshots
    vault: FileVault
    progress: Progress
    clock: Clock
    release: Release

    async def __call__(self, site: Site) -> AsyncIterator[bytes]:
        drain = _Drain()
        with zipfile.ZipFile(drain, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]  # all it needs is write
            async with self.snapshots.open(site.schema) as snapshot:
                tables, files = await snapshot.tables(), await snapshot.files(in_quarantine=False)
                told = self._manifest(site, snapshot, {name: table.rows for name, table in tables.items()}, files)
                archive.writestr(_entry("manifest.json"), json.dumps(told, indent=1))
                for done, table in enumerate(tables):
                    self.progress(done, len(tables), "writing tables")
                    lines = _lines(snapshot, table)
                    async for chunk in _added(archive, drain, f"data/{table}.jsonl", lines):
                        yield chunk
            for done, file in enumerate(files):
                self.progress(done, len(files), "writing files")
                content = self.vault.original(site.id, file)
                async for chunk in _added(archive, drain, f"files/{file.upload_id}", content):
                    yield chunk
        yield drain.taken()

    def _manifest(
        self, site: Site, snapshot: Snapshot, rows: Mapping[str, int], files: Sequence[KeptFile]
    ) -> dict[str, Any]:
        listed = [{"upload_id": str(one.upload_id), "size": one.size, "sha256": one.sha256} for one in files]
        return {
            "site": {"id": str(site.id), "slug": site.slug.value, "name": site.name},
            "taken_at": self.clock().isoformat(),
            "taruvi": self.release,
            "revision": snapshot.revision,
            "left_out": sorted(SECRETS),
            "tables": dict(rows),
            "files": listed,
        }


async def _lines(snapshot: Snapshot, table: str) -> AsyncIterator[bytes]:
    held = bytearray()
    async for row in snapshot.rows(table, without=SECRETS):
        held += json.dumps(row, ensure_ascii=False).encode() + b"\n"
        if len(held) >= _CHUNK:
            yield bytes(held)
            held.clear()
    yield bytes(held)


async def _added(
    archive: zipfile.ZipFile, drain: _Drain, name: str, content: AsyncIterator[bytes]
) -> AsyncIterator[bytes]:
    with archive.open(_entry(name), "w", force_zip64=True) as entry:
        async for chunk in content:
            entry.write(chunk)
            yield drain.taken()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EARLIEST)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    return entry
