"""A server on a folder, shared by everybody who uses that folder: the first one starts it, the last one stops it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Generic, Protocol, TypeVar

from adapters.embedded.errors import EmbeddedError
from adapters.embedded.locks import Presence, only_one


class Stoppable(Protocol):
    def stop(self) -> None: ...


ServerT = TypeVar("ServerT", bound=Stoppable)


def say_nothing(_step: str) -> None: ...


class SharedServer(ABC, Generic[ServerT]):
    """Entering starts it, or joins the one that runs, whether another process uses it or a killed one left it behind;
    it gives an address. It stops when its last user leaves.

    `name` begins the names of its files in the home, `what` is what people call it, `kept` what it keeps there, and
    `lock_seconds` is longer than starting or stopping it may take. `report` is told each step that takes time or
    changes something, in a few words.
    """

    name: ClassVar[str]
    what: ClassVar[str]
    kept: ClassVar[str]
    lock_seconds: ClassVar[float]
    failure: ClassVar[type[EmbeddedError]]

    def __init__(self, home: Path, *, report: Callable[[str], None] = say_nothing) -> None:
        self._home = home.absolute()
        self._report = report
        self._leaving = ExitStack()

    @abstractmethod
    def _server(self) -> ServerT:
        """The server as it will be, started or not."""

    @abstractmethod
    def _ensure(self, server: ServerT, *, lock: int) -> str:
        """Have it run; its address. `lock` is held meanwhile, and by children that inherit it."""

    def __enter__(self) -> str:
        with self._explained(), ExitStack() as undo:
            self._home.mkdir(parents=True, exist_ok=True)
            with self._only_one() as lock:
                server = self._server()
                undo.callback(self._leave, Presence(self._home / f"{self.name}.users"), server)
                address = self._ensure(server, lock=lock)
            self._leaving = undo.pop_all()
        return address

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        with self._explained():
            self._leaving.close()

    def _leave(self, presence: Presence, server: ServerT) -> None:
        with self._only_one():
            if presence.leave():
                server.stop()

    def _only_one(self) -> AbstractContextManager[int]:
        lock = self._home / f"{self.name}.lock"
        return only_one(lock, what=self.what, seconds=self.lock_seconds, report=self._report)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self.failure(
                f"Cannot keep {self.kept} in {self._home}: {error.strerror} ({error.filename}). "
                "It has to be a folder that you may write to, on a disk with free space: "
                "correct that, or choose another folder."
            ) from error
