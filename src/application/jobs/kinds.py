"""Which use cases can be jobs, and how each is run. A feature declares its own."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from application.shared.jobs import Queued
from domain.jobs.job import Queue, Retries

_BORDER: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class UnknownJobError(LookupError):
    """This release knows no job of this name: a newer or an older one asked for it."""


class JobPlace(StrEnum):
    """Where a job of a kind runs."""

    PLATFORM = "platform"
    SITES = "sites"
    ANYWHERE = "anywhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobKind:
    """A use case that is run as a job. `name` is that of the use case, like `send_mail`.

    `timeout` is of one attempt. Of one that `is_sealed` nobody can read the arguments in the database, and they go when
    it succeeded. One that `acts_as_asker` runs with the permissions that who asked has when it runs; any other with
    those of the platform itself. What is `schedulable` takes no arguments but optional ones, and people may put it
    into a schedule for where its `place` is.
    """

    use_case: type[Queued[...]]
    queue: Queue
    retries: Retries = field(default_factory=Retries)
    timeout: timedelta = timedelta(minutes=5)
    is_sealed: bool = False
    acts_as_asker: bool = False
    schedulable: bool = False
    place: JobPlace = JobPlace.ANYWHERE

    @property
    def name(self) -> str:
        return _BORDER.sub("_", self.use_case.__name__).lower()


class JobKinds:
    """All that there are."""

    def __init__(self, kinds: Sequence[JobKind]) -> None:
        self._by_name: Mapping[str, JobKind] = {kind.name: kind for kind in kinds}
        self._by_use_case: Mapping[type[Any], JobKind] = {kind.use_case: kind for kind in kinds}

    @property
    def names(self) -> Sequence[str]:
        return sorted(self._by_name)

    @property
    def schedulable(self) -> Sequence[str]:
        """Their names."""
        return [name for name in self.names if self._by_name[name].schedulable]

    def __iter__(self) -> Any:
        return iter(self._by_name.values())

    def named(self, name: str) -> JobKind:
        """Raise `UnknownJobError`."""
        if (kind := self._by_name.get(name)) is None:
            raise UnknownJobError(f"there is no job {name!r} in this release")
        return kind

    def act_as_asker(self, name: str) -> bool:
        """Whether jobs of this name do; of those that this release does not know, nobody can say."""
        kind = self._by_name.get(name)
        return kind is not None and kind.acts_as_asker

    def of(self, use_case: type[Any]) -> JobKind:
        """Raise `UnknownJobError` for a use case that no feature declared."""
        if (kind := self._by_use_case.get(use_case)) is None:
            raise UnknownJobError(f"{use_case.__name__} is not declared as a job")
        return kind
