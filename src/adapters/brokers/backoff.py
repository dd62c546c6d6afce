import asyncio
from random import uniform
from typing import Final

_FIRST: Final = 0.2
_LONGEST: Final = 5.0


class Backoff:
    """Pauses before trying again, each twice as long as the one before, with what failed together spread."""

    def __init__(self) -> None:
        self._next = _FIRST

    async def pause(self) -> None:
        await asyncio.sleep(self._next * uniform(0.5, 1))  # noqa: S311  no secret
        self._next = min(self._next * 2, _LONGEST)

    def reset(self) -> None:
        self._next = _FIRST
