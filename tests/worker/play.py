"""Jobs of tests: they tell when they start, wait for being let go, and remember what they did."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from dishka import Provider, provide, provide_all
from dishka import Scope as Lifetime

from application.jobs.kinds import JobKind, JobKinds
from application.shared.jobs import NotNowError, Once, Progress
from application.shared.ports import UnitOfWork
from application.shared.trail import TrailSource
from domain.jobs.job import Queue, Retries
from domain.shared.caller import Caller
from domain.tenancy.scope import Scope

SOON: Final = Retries(attempts=3, first=timedelta(milliseconds=20))


@dataclass(eq=False)
class Stage:
    """What one process of tests sees of its jobs. Those that wait go on when it says so."""

    started: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    stopped: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    go: asyncio.Event = field(default_factory=asyncio.Event)
    done: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Heard:
    """In whose name and where a job ran."""

    site: str
    caller: str
    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """Does it once. Safe to repeat."""

    stage: Stage
    scope: Scope
    caller: Caller
    trail: TrailSource
    once: Once
    work: UnitOfWork

    async def __call__(self, *, text: str = "") -> Heard:
        await self.stage.started.put(text)
        async with self.work:
            if await self.once("play"):
                self.stage.done.append(text)
        return Heard(site=self.scope.schema.name, caller=self.caller.label, request_id=self.trail().request_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Waits for being let go, having told how far it is. Safe to repeat."""

    stage: Stage
    progress: Progress

    async def __call__(self, *, text: str = "") -> None:
        self.progress(1, 2, "waiting")
        await self.stage.started.put(text)
        try:
            await self.stage.go.wait()
        except asyncio.CancelledError:
            await self.stage.stopped.put(text)
            raise
        self.stage.done.append(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stumble:
    """Fails until it is let go. Safe to repeat."""

    stage: Stage

    async def __call__(self) -> None:
        await self.stage.started.put("")
        if not self.stage.go.is_set():
            raise NotNowError("not yet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hang:
    """Does not end. Safe to repeat."""

    async def __call__(self) -> None:
        await asyncio.Event().wait()


OLD_KINDS: Final = (
    JobKind(use_case=Wait, queue=Queue.REPORTS, retries=SOON),
    JobKind(use_case=Stumble, queue=Queue.REPORTS, retries=SOON),
    JobKind(use_case=Hang, queue=Queue.REPORTS, retries=Retries(attempts=1), timeout=timedelta(milliseconds=50)),
)
KINDS: Final = (JobKind(use_case=Play, queue=Queue.REPORTS, retries=SOON), *OLD_KINDS)


class Plays(Provider):
    """A worker that knows these jobs, and plays them on this stage."""

    scope = Lifetime.REQUEST
    plays = provide_all(Play, Wait, Stumble, Hang)

    def __init__(self, stage: Stage, kinds: tuple[JobKind, ...] = KINDS) -> None:
        super().__init__()
        self._stage, self._kinds = stage, JobKinds(kinds)

    @provide(scope=Lifetime.APP)
    def stage(self) -> Stage:
        return self._stage

    @provide(scope=Lifetime.APP, override=True)
    def kinds(self) -> JobKinds:
        return self._kinds
