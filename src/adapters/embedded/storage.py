"""The embedded object store: a folder, served as S3 for as long as somebody uses it."""

from collections.abc import Callable
from pathlib import Path

from adapters.embedded.errors import EmbeddedStorageError
from adapters.embedded.shared import SharedServer, say_nothing
from adapters.embedded.storage_keys import storage_key
from adapters.embedded.storage_server import BUCKET, StorageServer

__all__ = ["EmbeddedStorage", "EmbeddedStorageError"]


class EmbeddedStorage(SharedServer[StorageServer]):
    """rclone's S3 on `<home>/storage`, reachable on 127.0.0.1 with the key in `<home>/storage.key`.

    Entering gives an address for `TARUVI_STORAGE_URL`. `port` is the first that is tried.
    """

    name = "storage"
    what = "the object store"
    kept = "files"
    lock_seconds = 120
    failure = EmbeddedStorageError

    def __init__(self, home: Path, *, port: int, report: Callable[[str], None] = say_nothing) -> None:
        super().__init__(home, report=report)
        self._port = port

    def _server(self) -> StorageServer:
        key = storage_key(self._home / "storage.key")
        return StorageServer(data=self._home.resolve() / "storage", key=key, port=self._port, report=self._report)

    def _ensure(self, server: StorageServer, *, lock: int) -> str:  # noqa: ARG002  what starts it ends at once
        key, endpoint = server.key, f"http://127.0.0.1:{server.ensure()}"
        return f"s3://{key.key_id}:{key.secret}@{BUCKET}?region=us-east-1&endpoint={endpoint}&addressing=path"
