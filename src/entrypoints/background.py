"""Queued use cases, in this process: each in a container of its own, beside whoever started it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from dishka import AsyncContainer

from adapters.background.runner import BackgroundRunner
from application.shared.background import Background, P, Queued

Begin: TypeAlias = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where what is queued is done: the runner, and the container that theirs are opened from."""

    app: AsyncContainer
    runner: BackgroundRunner


def at_once(begin: Begin) -> None:
    begin()


class InProcessBackground(Background):
    """`context` is what a container for this scope is opened with; `hold` decides when the work may begin."""

    def __init__(
        self, workshop: Workshop, context: Callable[[], Mapping[Any, Any]], hold: Callable[[Begin], None] = at_once
    ) -> None:
        self._workshop = workshop
        self._context = context
        self._hold = hold

    def start(self, use_case: type[Queued[P]], *args: P.args, **kwargs: P.kwargs) -> None:
        context = dict(self._context())

        async def work() -> None:
            async with self._workshop.app(context=context) as container:
                queued: Queued[P] = await container.get(use_case)
                await queued(*args, **kwargs)

        self._hold(lambda: self._workshop.runner.start(use_case.__name__, work))
