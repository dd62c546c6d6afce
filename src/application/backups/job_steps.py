from dataclasses import dataclass

from application.shared.jobs import Once
from application.shared.ports import UnitOfWork


class _NotYet(Exception):  # noqa: N818  it undoes a look, and nobody sees it
    """The job has not done it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSteps:
    """What this job did in an attempt before."""

    work: UnitOfWork
    once: Once

    async def is_done(self, step: str) -> bool:
        try:
            async with self.work:
                _require_done(await self.once(step))
        except _NotYet:
            return False
        return True


def _require_done(is_first: bool) -> None:
    if is_first:
        raise _NotYet
