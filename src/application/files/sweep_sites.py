from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from application.files.ports import FleetStorage
from application.files.store import FileStoreUnavailableError, SiteStores
from application.shared.jobs import NotNowError
from application.shared.ports import UnitOfWork
from domain.shared.caller import Caller, Permission
from domain.tenancy.site import SiteId

_SOME: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SweptSites:
    """`discarded` sites that were deleted; `unknown` ones, which were never sites of this platform, are left alone.

    `recounted` organizations had a count that was wrong.
    """

    discarded: Sequence[SiteId] = field(default_factory=list)
    unknown: Sequence[SiteId] = field(default_factory=list)
    recounted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepSites:
    """Take out of the store what deleted sites left there, and count anew what organizations use.

    For the platform itself. Safe to repeat. What the store has of a site that this platform never had is told, not
    touched: a wrong bucket, or a wrong database, must not cost anybody their files.
    """

    caller: Caller
    stores: SiteStores
    storage: FleetStorage
    work: UnitOfWork

    async def __call__(self, *, only_look: bool = False) -> SweptSites:
        self.caller.require(Permission.SITES_MANAGE)
        there = [site_id async for site_id in self.stores.sites()]
        deleted, unknown = await self._gone(there)
        for site_id in () if only_look else deleted:
            await self.stores.discard_site(site_id)
        miscounted = await self.storage.miscounted()
        for organization_id in () if only_look else miscounted:
            async with self.work:
                await self.storage.recount(organization_id)
        return SweptSites(discarded=deleted, unknown=unknown, recounted=len(miscounted))

    async def _gone(self, there: Sequence[SiteId]) -> tuple[list[SiteId], list[SiteId]]:
        deleted: list[SiteId] = []
        unknown: list[SiteId] = []
        for start in range(0, len(there), _SOME):
            some = there[start : start + _SOME]
            alive = await self.storage.alive(some)
            deleted += [one for one in some if alive.get(one) is False]
            unknown += [one for one in some if one not in alive]
        return deleted, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardSite:
    """Take out of the store what a deleted site left there. Safe to repeat.

    For the background, after the commit. If it fails in the end, the sweep does it.
    """

    stores: SiteStores

    async def __call__(self, *, site_id: SiteId) -> None:
        try:
            await self.stores.discard_site(site_id)
        except FileStoreUnavailableError as error:
            raise NotNowError(str(error)) from error
