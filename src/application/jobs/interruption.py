from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from application.jobs.kinds import JobKinds, UnknownJobError
from application.shared.ports import Clock
from domain.jobs.job import Job, Retries

_TOLD: Final = "its worker was lost while it ran"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """What becomes of a job whose worker was lost: the attempt counts, for it may be the job that ended the worker."""

    kinds: JobKinds
    clock: Clock
    chance: Callable[[], float]

    def __call__(self, job: Job) -> Job:
        return job.fail(_TOLD, self._retries(job.name), at=self.clock(), chance=self.chance())

    def _retries(self, name: str) -> Retries:
        """What another release added is not known here, and is recovered all the same."""
        try:
            return self.kinds.named(name).retries
        except UnknownJobError:
            return Retries()
