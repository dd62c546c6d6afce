from dataclasses import replace
from datetime import datetime

from adapters.memory.scoped import Scoped
from application.identity.reset_ports import PasswordResetRepository
from domain.identity.password_reset import PasswordReset, PasswordResetId
from domain.shared.caller import UserId


class MemoryPasswordResetRepository(Scoped, PasswordResetRepository):
    async def find(self, token_hash: bytes) -> PasswordReset | None:
        return next((one for one in self._resets.values() if one.token_hash == token_hash), None)

    async def count(self, user_id: UserId, *, since: datetime) -> int:
        return sum(one.user_id == user_id and one.created_at > since for one in self._resets.values())

    async def replace(self, reset: PasswordReset) -> None:
        for one in list(self._resets.values()):
            if one.user_id == reset.user_id and one.used_at is None:
                self._resets[one.id] = replace(one, used_at=reset.created_at)
        self._resets[reset.id] = reset

    async def consume(self, token_hash: bytes, *, at: datetime) -> PasswordReset | None:
        found = await self.find(token_hash)
        if found is None or found.used_at is not None:
            return None
        self._resets[found.id] = replace(found, used_at=at)
        return found

    @property
    def _resets(self) -> dict[PasswordResetId, PasswordReset]:
        return self._tables.password_resets
