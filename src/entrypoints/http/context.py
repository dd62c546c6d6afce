from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from application.identity.views import Allowance
from domain.identity.session import Client
from domain.shared.caller import Caller, UserId
from domain.tenancy.scope import PlatformScope, Scope

_PLATFORM: Final = PlatformScope()


@dataclass(slots=True)
class RequestContext:
    """What is known of one request, filled in as it goes: by the edge, by authentication, by limits.

    `origin` is scheme, host and port as the client sees them, without a slash at the end;
    `path` is as it was asked for. `visitor` names who of the platform is entering a site. `impersonator` is the
    platform's admin whose refresh token of an impersonation it is about. `afterwards` is what may
    begin once it is answered, None when it is.
    """

    request_id: str
    client: Client
    origin: str
    path: str
    scope: Scope = _PLATFORM
    caller: Caller | None = None
    allowance: Allowance | None = None
    visitor: str = ""
    impersonator: UserId | None = None
    afterwards: list[Callable[[], None]] | None = field(default_factory=list)

    def when_answered(self, begin: Callable[[], None]) -> None:
        """Call it once the answer is out; at once if it is."""
        if self.afterwards is None:
            begin()
        else:
            self.afterwards.append(begin)

    def answered(self) -> None:
        begins, self.afterwards = self.afterwards, None
        for begin in begins or ():
            begin()
