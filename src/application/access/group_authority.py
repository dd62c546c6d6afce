from collections.abc import Collection
from dataclasses import dataclass

from domain.shared.caller import Caller, NotPermittedError, Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAuthority:
    """What the caller may do with the groups of their site."""

    caller: Caller

    def require_viewer(self) -> None:
        if not self.caller.may(Permission.GROUPS_MANAGE):
            self.caller.require(Permission.USERS_VIEW)

    def require_manager(self) -> None:
        self.caller.require(Permission.GROUPS_MANAGE)

    def require_all(self, permissions: Collection[str]) -> None:
        """Nobody gives what they do not have, themself included. Raise `NotPermittedError`."""
        if missing := sorted(set(permissions) - self.caller.permissions):
            raise NotPermittedError(f"you can give only what you have yourself, which is not {', '.join(missing)}")
