from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.shared.caller import Permission


@dataclass(slots=True)
class SessionView:
    """One login on one device, as its owner sees it. `current`: the one that asks."""

    id: UUID
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    address: str
    user_agent: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a user may do at this moment, and whether one of their sessions still lives."""

    username: str
    is_active: bool
    token_version: int
    permissions: frozenset[Permission]
    session_ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What is left of a limit. `resets_at` is in seconds since the epoch."""

    limit: int
    remaining: int
    resets_at: int
