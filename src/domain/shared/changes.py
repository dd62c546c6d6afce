from enum import Enum
from typing import Final, Literal, TypeAlias, TypeVar

T = TypeVar("T")


class _Unchanged(Enum):
    UNCHANGED = "unchanged"


Unchanged: TypeAlias = Literal[_Unchanged.UNCHANGED]
UNCHANGED: Final = _Unchanged.UNCHANGED
"""Stands for a field that a partial update leaves alone; None would mean: make it empty."""


def changed(new: T | Unchanged, old: T) -> T:
    return old if new is UNCHANGED else new
