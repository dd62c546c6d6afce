from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from application.audit.ports import HistoryPruning
from application.shared.jobs import Progress
from application.shared.ports import Clock, UnitOfWork
from domain.audit.entry import require_old_enough

_AT_ONCE: Final = 5000
"""Entries that one transaction deletes: it takes well under a second, and what was done stays done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRetention:
    """How long histories are kept; None: for ever."""

    age: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retained:
    pruned: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RetainHistory:
    """Delete what the history of this schema has of changes that are older than it is kept. Safe to repeat."""

    retention: HistoryRetention
    pruning: HistoryPruning
    progress: Progress
    work: UnitOfWork
    clock: Clock

    async def __call__(self) -> Retained:
        if self.retention.age is None:
            return Retained()
        require_old_enough(self.retention.age)
        plan, done = await self.pruning.plan(self.clock() - self.retention.age), 0
        while done < plan.count:
            async with self.work:
                removed = await self.pruning.prune(plan, at_most=_AT_ONCE)
            if not removed:
                break
            done += removed
            self.progress(done, plan.count)
        return Retained(pruned=done)
