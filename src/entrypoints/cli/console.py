"""How the command line speaks: results on standard output, everything else on standard error."""

import sys
import time
from contextlib import suppress
from typing import Final, TextIO

from rich.console import Console
from rich.status import Status
from rich.text import Text

_UNWRAPPED: Final = 100_000


def _console(stream: TextIO, *, stderr: bool = False) -> Console:
    """What users wrote is shown as they wrote it; what another program reads is not wrapped."""
    width = None if stream.isatty() else _UNWRAPPED
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=True, width=width)


out: Final = _console(sys.stdout)
err: Final = _console(sys.stderr, stderr=True)


class UserError(Exception):
    """Shown as it is, without a traceback; `exit_code` 1: it did not work, 2: it was asked wrongly."""

    def __init__(self, message: str, *, exit_code: int = 1) -> None:
        self.exit_code = exit_code
        super().__init__(message)


class Steps:
    """Shows what takes time: on a terminal each step turns until it is done, elsewhere it is a line.

    Never fails: who cannot be told any more (a closed terminal) must not keep us from stopping in order.
    """

    def __init__(self) -> None:
        self._turning: Status | None = None
        self._step = ""
        self._since = 0.0

    def __call__(self, step: str) -> None:
        self.done()
        with suppress(OSError):
            if not err.is_terminal:
                err.print(f"• {step}")
                return
            self._step, self._since = step, time.perf_counter()
            self._turning = err.status(f"{step} …")
            self._turning.start()

    def done(self, last_words: str = "") -> None:
        """The last step is over."""
        turning, self._turning = self._turning, None
        with suppress(OSError):
            if turning is not None:
                turning.stop()
                seconds = f"  {time.perf_counter() - self._since:.1f} s"
                err.print(Text.assemble(("✓ ", "green"), self._step, (seconds, "dim")))
            if last_words:
                err.print(last_words)
