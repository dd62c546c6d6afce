"""What schedules are fired as: the platform itself."""

from typing import Final

from dishka import Provider, provide
from dishka import Scope as Lifetime

from application.shared.trail import Trail, TrailSource
from domain.shared.caller import Caller, Permission
from domain.tenancy.scope import PlatformScope, Scope
from entrypoints.identifiers import new_id

_LABEL: Final = "scheduler"


class SchedulerRequest(Provider):
    scope = Lifetime.REQUEST

    @provide
    def tenant(self) -> Scope:
        return PlatformScope()

    @provide
    def caller(self) -> Caller:
        return Caller(label=_LABEL, permissions=frozenset(Permission))

    @provide
    def trail(self) -> TrailSource:
        trail = Trail(actor=None, actor_label=_LABEL, request_id=f"scheduler-{new_id()}")
        return lambda: trail
