from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentHealth:
    """How a component is: `problem` is empty where it works, and it has been so `since`."""

    component: str
    problem: str
    since: datetime
    checked_at: datetime


class ComponentChecks(Protocol):
    async def __call__(self) -> Mapping[str, str]:
        """Ask every component; what is wrong with each, empty where it works."""
        ...


class HealthBoard(Protocol):
    """What was found out last."""

    async def all(self) -> Sequence[ComponentHealth]:
        """By name."""
        ...

    async def save(self, health: ComponentHealth) -> None: ...


class HealthEvents(Protocol):
    async def changed(self, health: ComponentHealth) -> None:
        """A component does not work any more, or works again, or has another problem."""
        ...
