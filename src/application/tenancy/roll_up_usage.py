from dataclasses import dataclass
from datetime import timedelta

from application.shared.ports import Clock, UnitOfWork
from application.tenancy.usage_ports import UsageLedger


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUpUsage:
    """Write down what this site takes today, and how many jobs it had today and yesterday. Safe to repeat."""

    ledger: UsageLedger
    work: UnitOfWork
    clock: Clock

    async def __call__(self) -> None:
        today = self.clock().date()
        async with self.work:
            await self.ledger.measure(today)
            await self.ledger.count_jobs(today - timedelta(days=1))
            await self.ledger.count_jobs(today)
