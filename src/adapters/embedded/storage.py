"""The embedded object store: a folder, served as S3 for as long as somebody uses it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final

from adapters.embedded.errors import EmbeddedStorageError
from adapters.embedded.locks import Presence, only_one
from adapters.embedded.storage_keys import storage_key
from adapters.embedded.storage_server import BUCKET, StorageServer

__all__ = ["EmbeddedStorage", "EmbeddedStorageError"]

_LOCK_SECONDS: Final = 120


def _say_nothing(_step: str) -> None: ...


class EmbeddedStorage:
    """rclone's S3 on `<home>/storage`, reachable on 127.0.0.1 with the key in `<home>/storage.key`.

    Entering starts it, or joins the one that runs, whether another process uses it or a killed one left it behind;
    it gives an address for `TARUVI_STORAGE_URL`. It stops when its last user leaves. `port` is the first that is
    tried; `report` is told each step that takes time or changes something, in a few words.
    """

    def __init__(self, home: Path, *, port: int, report: Callable[[str], None] = _say_nothing) -> None:
        self._home = home.absolute()
        self._port = port
        self._report = report
        self._leaving = ExitStack()

    def __enter__(self) -> str:
        with self._explained(), ExitStack() as undo:
            self._home.mkdir(parents=True, exist_ok=True)
            with self._only_one():
                key = storage_key(self._home / "storage.key")
                data = self._home.resolve() / "storage"
                server = StorageServer(data=data, key=key, port=self._port, report=self._report)
                undo.callback(self._leave, Presence(self._home / "storage.users"), server)
                port = server.ensure()
            self._leaving = undo.pop_all()
        endpoint = f"http://127.0.0.1:{port}"
        return f"s3://{key.key_id}:{key.secret}@{BUCKET}?region=us-east-1&endpoint={endpoint}&addressing=path"

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        with self._explained():
            self._leaving.close()

    def _leave(self, presence: Presence, server: StorageServer) -> None:
        with self._only_one():
            if presence.leave():
                server.stop()

    def _only_one(self) -> AbstractContextManager[int]:
        lock = self._home / "storage.lock"
        return only_one(lock, what="the object store", seconds=_LOCK_SECONDS, report=self._report)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise EmbeddedStorageError(
                f"Cannot keep files in {self._home}: {error.strerror} ({error.filename}). "
                "It has to be a folder that you may write to, on a disk with free space: "
                "correct that, or choose another folder."
            ) from error
