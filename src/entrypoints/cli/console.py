"""How the command line speaks: results on standard output, everything else on standard error."""

from rich.console import Console

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


class UserError(Exception):
    """Shown as it is, without a traceback; `exit_code` 1: it did not work, 2: it was asked wrongly."""

    def __init__(self, message: str, *, exit_code: int = 1) -> None:
        self.exit_code = exit_code
        super().__init__(message)
