from dataclasses import dataclass, field

from application.health.ports import ComponentChecks, ComponentHealth, HealthBoard, HealthEvents
from application.shared.ports import Clock, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """The components that do not work."""

    problems: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeComponents:
    """Ask every component how it is, and write it down; a change is told. Safe to repeat."""

    checks: ComponentChecks
    board: HealthBoard
    events: HealthEvents
    work: UnitOfWork
    clock: Clock

    async def __call__(self) -> Probed:
        found, now = await self.checks(), self.clock()
        changed = []
        async with self.work:
            known = {one.component: one for one in await self.board.all()}
            for name, problem in found.items():
                was = known.get(name)
                is_same = was is not None and was.problem == problem
                since = was.since if was is not None and is_same else now
                health = ComponentHealth(component=name, problem=problem, since=since, checked_at=now)
                await self.board.save(health)
                if not is_same and (was is not None or problem):
                    changed.append(health)
        for one in changed:
            await self.events.changed(one)
        return Probed(problems={name: problem for name, problem in found.items() if problem})
