from dataclasses import dataclass
from datetime import timedelta

from application.audit.ports import HistoryPruning
from application.audit.views import Prunable
from application.shared.ports import Clock, UnitOfWork
from domain.audit.entry import require_old_enough
from domain.shared.caller import Caller, Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPruning:
    """What of the history of this schema is older than that, and so may go."""

    caller: Caller
    pruning: HistoryPruning
    clock: Clock

    async def __call__(self, *, older_than: timedelta) -> Prunable:
        self.caller.require(Permission.HISTORY_PRUNE)
        require_old_enough(older_than)
        return await self.pruning.plan(self.clock() - older_than)


@dataclass(frozen=True, slots=True, kw_only=True)
class PruneHistory:
    """Delete the oldest entries of a plan, so many at once; how many there were. Safe to repeat, until it is 0."""

    caller: Caller
    pruning: HistoryPruning
    work: UnitOfWork

    async def __call__(self, *, plan: Prunable, at_most: int) -> int:
        self.caller.require(Permission.HISTORY_PRUNE)
        async with self.work:
            return await self.pruning.prune(plan, at_most=at_most)
