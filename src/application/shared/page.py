from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """Which slice of a list: `number` counts from 1, `size` is the most results on a page."""

    number: int = 1
    size: int = 20

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size


FIRST_PAGE: Final = PageRequest()


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One slice of a list, and how many there are in all."""

    count: int
    results: list[T]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From and until when, both included; None is open."""

    start: datetime | None = None
    end: datetime | None = None


ANY_TIME: Final = Period()
