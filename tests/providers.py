"""What tests put in the place of the real clock, mail, DNS and caller."""

from datetime import UTC, datetime, timedelta

from dishka import Provider, from_context, provide
from dishka import Scope as Lifetime

from adapters.cache.access import AccessCache
from adapters.memory.domains import MemoryDomainProofs
from adapters.memory.mail import MemoryMailer
from application.shared.mail import Mailer
from application.shared.ports import Clock
from application.shared.trail import Trail, TrailSource
from application.tenancy.domains.ports import DomainProofs
from domain.shared.caller import Caller
from domain.tenancy.scope import Scope
from entrypoints.http.health import Readiness


class SteppedClock:
    """The real time, plus what a test lets pass."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def advance(self, **step: float) -> None:
        self._ahead += timedelta(**step)


class Doubles(Provider):
    """Stand before the real ones; several processes may share them."""

    scope = Lifetime.APP

    def __init__(self, clock: SteppedClock, mails: MemoryMailer, dns: MemoryDomainProofs) -> None:
        super().__init__()
        self._clock, self._mails, self._dns = clock, mails, dns

    @provide(override=True)
    def clock(self) -> Clock:
        return self._clock

    @provide(override=True)
    def mailer(self) -> Mailer:
        return self._mails

    @provide(override=True)
    def proofs(self) -> DomainProofs:
        return self._dns


class SteppedCache(Provider):
    """A cache of access by a clock that a test moves."""

    def __init__(self) -> None:
        super().__init__()
        self.time = 0.0

    @provide(scope=Lifetime.APP, override=True)
    def cache(self) -> AccessCache:
        return AccessCache(lambda: self.time, seconds=2.0)


class Tester(Provider):
    """Acts for whom the test says, in the scope it says."""

    scope = Lifetime.REQUEST
    tenant = from_context(Scope)
    caller = from_context(Caller)

    @provide
    def trail(self, caller: Caller) -> TrailSource:
        trail = Trail(
            actor=caller.user_id, actor_label=caller.label, request_id="test-request", session=caller.session_id
        )
        return lambda: trail


class NothingToCheck(Provider):
    """The readiness of an application that lives in memory."""

    @provide(scope=Lifetime.APP)
    def readiness(self) -> Readiness:
        async def ask() -> dict[str, str]:
            return {}

        return ask
