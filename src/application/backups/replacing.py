from dataclasses import dataclass
from typing import Final

from application.backups.schema_ports import SchemaBuilding, SchemaChangedError
from application.shared.jobs import Once
from application.shared.ports import Clock, UnitOfWork
from application.tenancy.ports import SiteRepository
from domain.backups.manifest import Manifest
from domain.shared.errors import DomainError
from domain.tenancy.schema import SchemaName
from domain.tenancy.site import SiteId, SiteStatus

_STEP: Final = "replaced"


class _NotYet(Exception):  # noqa: N818  it undoes a look, and nobody sees it
    """The job has not done it."""


def _require_done(is_first: bool) -> None:
    if is_first:
        raise _NotYet


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaReplacing:
    """Gives a site the schema that was built for it, once, and opens the site."""

    building: SchemaBuilding
    sites: SiteRepository
    work: UnitOfWork
    once: Once
    clock: Clock

    async def __call__(self, scratch: SchemaName, site_id: SiteId, previous: Manifest | None) -> bool:
        """False, and nothing, where the site has not any more what `previous` says.

        Where it is refused, what was built goes.
        """
        try:
            return await self._replaced(scratch, site_id, previous)
        except DomainError:
            await self.building.discard(scratch)
            raise

    async def _replaced(self, scratch: SchemaName, site_id: SiteId, previous: Manifest | None) -> bool:
        try:
            async with self.work:
                site = await self.sites.get_by_id(site_id)
                if await self.once(_STEP):
                    is_new = site.status is SiteStatus.PROVISIONING
                    if previous is not None:
                        await self.building.require_unchanged(site.schema, previous.tables)
                    revived = site.revive(at=self.clock())
                    await self.sites.save(revived)
                    await self.building.adopt(scratch, revived, is_new=is_new)
        except SchemaChangedError:
            return False
        return True

    async def is_done(self) -> bool:
        """Whether this job did it in an attempt before."""
        try:
            async with self.work:
                _require_done(await self.once(_STEP))
        except _NotYet:
            return False
        return True
