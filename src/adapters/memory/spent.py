from collections.abc import Callable
from datetime import datetime
from typing import Any

from adapters.memory.scoped import Scoped
from application.identity.purge_ports import SpentCredentials


class MemorySpentCredentials(Scoped, SpentCredentials):
    async def purge_refresh_tokens(self, *, expired_before: datetime, at_most: int) -> int:
        return _purge(self._tables.refresh_tokens, lambda one: one.expires_at < expired_before, at_most)

    async def purge_sessions(self, *, expired_before: datetime, open_expired_before: datetime, at_most: int) -> int:
        def is_spent(one: Any) -> bool:
            return bool(one.expires_at < (open_expired_before if one.ended_at is None else expired_before))

        removed = _purge(self._tables.sessions, is_spent, at_most)
        left = self._tables.sessions
        _purge(self._tables.refresh_tokens, lambda one: one.session_id not in left, len(self._tables.refresh_tokens))
        return removed

    async def purge_password_resets(self, *, expired_before: datetime, at_most: int) -> int:
        return _purge(self._tables.password_resets, lambda one: one.expires_at < expired_before, at_most)


def _purge(table: dict[Any, Any], is_spent: Callable[[Any], bool], at_most: int) -> int:
    spent = sorted(key for key, one in table.items() if is_spent(one))[:at_most]
    for key in spent:
        del table[key]
    return len(spent)
