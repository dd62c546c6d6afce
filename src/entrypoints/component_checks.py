"""How a component is asked whether it works: the answer is what is wrong, empty where nothing is."""

from typing import Protocol


class DatabaseCheck(Protocol):
    async def __call__(self) -> str: ...


class StorageCheck(Protocol):
    async def __call__(self) -> str: ...


async def always_well() -> str:
    """What lives in this process."""
    return ""
