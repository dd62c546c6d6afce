from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.shared.caller import Permission, UserId


@dataclass(slots=True)
class SessionView:
    """One login on one device, as its owner sees it. `current`: the one that asks.

    `impersonated_by` is the name of the platform's admin who acts as the user in it, if one does.
    """

    id: UUID
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    address: str
    user_agent: str
    current: bool
    impersonated_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a user may do at this moment, and whether one of their sessions still lives.

    `linked_user_id`: whom of the platform the user is; `impersonator`: who of the platform acts as them in the session.
    """

    username: str
    is_active: bool
    token_version: int
    permissions: frozenset[Permission]
    session_ended: bool
    linked_user_id: UserId | None = None
    impersonator: UserId | None = None
    impersonator_label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What is left of a limit. `resets_at` is in seconds since the epoch."""

    limit: int
    remaining: int
    resets_at: int
