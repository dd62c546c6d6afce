from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.identity.entry import Passage
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

    `passage` is what the platform has a say in of a session that lives; `impersonator_label` names who acts in it.
    `is_linked`: the account is that of a user of the platform, who decides there whether they may come in.
    """

    username: str
    is_active: bool
    token_version: int
    permissions: frozenset[Permission]
    passage: Passage | None
    impersonator_label: str = ""
    is_linked: bool = False

    @property
    def session_ended(self) -> bool:
        return self.passage is None

    @property
    def impersonator(self) -> UserId | None:
        return self.passage.impersonator if self.passage else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What is left of a limit. `resets_at` is in seconds since the epoch."""

    limit: int
    remaining: int
    resets_at: int
