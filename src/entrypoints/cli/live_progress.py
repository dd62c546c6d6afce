"""A bar on a terminal for what takes long; elsewhere a line for each thing that is begun."""

from collections.abc import Iterator
from contextlib import contextmanager

from dishka import provide
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from application.shared.jobs import Progress
from entrypoints.cli.console import err
from entrypoints.jobs import NoJob


class ShownProgress(Progress):
    def __init__(self) -> None:
        self._bar = Bar(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=err,
            transient=True,
        )
        self._line = self._bar.add_task("", total=None)
        self._note = ""

    def __call__(self, done: int, total: int | None = None, note: str = "") -> None:
        self._bar.update(self._line, completed=done, total=total, description=note)
        if note != self._note:
            self._note = note
            if not err.is_terminal:
                err.print(f"• {note}")

    @contextmanager
    def shown(self) -> Iterator[None]:
        if not err.is_terminal:
            yield
            return
        with self._bar:
            yield


class AtOnce(NoJob):
    """Where a job's use case is run for whoever sits at the terminal."""

    def __init__(self, progress: ShownProgress) -> None:
        super().__init__()
        self._progress = progress

    @provide
    def progress(self) -> Progress:
        return self._progress
