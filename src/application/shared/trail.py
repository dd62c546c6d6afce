"""Who is behind what changes: written into the history beside every change, whatever it is kept in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from domain.shared.caller import SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """Who is behind the changes of one request. `actor` is a user of the same schema, `actor_label` their name now.

    `session` is the one they act in, for what is done later in their name.
    """

    actor: UUID | None
    actor_label: str
    request_id: str
    impersonator: UUID | None = None
    session: SessionId | None = None


TrailSource: TypeAlias = Callable[[], Trail]
"""Asked when a transaction begins: by then it is known who is behind it."""
