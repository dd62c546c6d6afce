from typing import ParamSpec, Protocol

P = ParamSpec("P")


class NotNowError(Exception):
    """It did not work this time and may work later. The message is for the log: there is no secret in it."""


class Queued(Protocol[P]):
    """A use case that is safe to repeat and acts for no caller."""

    async def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None: ...


class Background(Protocol):
    def start(self, use_case: type[Queued[P]], *args: P.args, **kwargs: P.kwargs) -> None:
        """Have it run soon, in this scope, outside of the caller's time, and again if it fails.

        Call it after the commit, never inside the transaction. It never raises: what cannot be done in the end
        is logged as an error.
        """
        ...
