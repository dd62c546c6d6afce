from dataclasses import dataclass
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
    platform's admin whose refresh token of an impersonation it is about.
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
