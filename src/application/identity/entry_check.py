from dataclasses import dataclass

from application.identity.entry_ports import SiteEntries
from domain.identity.entry import EntryRole
from domain.shared.caller import UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryCheck:
    """As what a session may go on, by who stands behind it on the platform at this moment.

    A user of the site alone: as what the site says, and nobody is asked. One who comes from the platform: by
    membership. Where an admin of the platform acts as the user, that one must still be an admin, and has all
    rights as themselves, but the user's as somebody else.
    """

    entries: SiteEntries

    async def __call__(self, *, linked: UserId | None, impersonator: UserId | None) -> EntryRole | None:
        """None: not at all."""
        if impersonator is not None:
            admin = await self.entries.find(impersonator)
            if admin is None or not admin.may_impersonate:
                return None
            if linked == impersonator:
                return EntryRole.ADMIN
        if linked is None:
            return EntryRole.USER
        visitor = await self.entries.find(linked)
        return visitor.role if visitor else None
