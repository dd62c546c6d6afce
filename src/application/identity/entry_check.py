from dataclasses import dataclass

from application.identity.entry_ports import SiteEntries
from domain.identity.entry import EntryRole, Passage


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryCheck:
    """As what a session may go on, by who stands behind it on the platform at this moment.

    A user of the site alone: as what the site says, and nobody is asked. One who comes from the platform: by
    membership. Where an admin of the platform acts as the user, that one must still be an admin, and has all
    rights as themselves, but the user's as somebody else. Whoever came in is out when they end the session of the
    platform that they came from, or lose what let them in, even if they get it back.
    """

    entries: SiteEntries

    async def __call__(self, passage: Passage) -> EntryRole | None:
        """None: not at all."""
        if passage.linked is None and passage.impersonator is None:
            return EntryRole.USER
        if passage.platform_session is None or not await self.entries.is_open(passage.platform_session):
            return None
        if passage.impersonator is not None:
            admin = await self.entries.find(passage.impersonator)
            if admin is None or not admin.may_impersonate:
                return None
            if passage.linked == passage.impersonator:
                return EntryRole.ADMIN
        if passage.linked is None:
            return EntryRole.USER
        visitor = await self.entries.find(passage.linked)
        return visitor.role_of(passage.entered_at) if visitor else None
