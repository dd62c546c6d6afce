from collections.abc import Collection, Mapping, Sequence

from adapters.memory.database import MemoryDatabase, MissingSchemaError
from application.files.ports import FleetStorage, StorageLedger, StorageLimitError
from domain.tenancy.organization import OrganizationId
from domain.tenancy.scope import Scope, SiteScope
from domain.tenancy.site import SiteId, SiteStatus


class MemoryStorageLedger(StorageLedger):
    def __init__(self, database: MemoryDatabase, scope: Scope) -> None:
        self._database = database
        self._scope = scope

    async def require_room(self, size: int) -> None:
        if size > 0:
            owner = self._database.organizations[self._database.sites[self._site].organization_id]
            if self._database.organization_storage.get(owner.id, 0) + size > owner.max_storage_bytes:
                raise StorageLimitError

    async def take(self, size: int) -> None:
        await self.require_room(size)
        if size:
            self._add(size)

    async def recount(self) -> int:
        tables = self._database.schemas[self._database.sites[self._site].schema.name]
        counted = sum(one.terms.size for one in tables.files.values())
        counted += sum(one.terms.size for one in tables.uploads.values())
        drift = self._database.site_storage.get(self._site, 0) - counted
        self._add(-drift)
        return drift

    @property
    def _site(self) -> SiteId:
        if not isinstance(self._scope, SiteScope):
            raise MissingSchemaError("the platform has no files")
        return self._scope.site_id

    def _add(self, size: int) -> None:
        owner = self._database.sites[self._site].organization_id
        sites, organizations = self._database.site_storage, self._database.organization_storage
        sites[self._site] = sites.get(self._site, 0) + size
        organizations[owner] = organizations.get(owner, 0) + size


class MemoryFleetStorage(FleetStorage):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def miscounted(self) -> Sequence[OrganizationId]:
        counts = self._database.organization_storage.items()
        return [one for one, size in counts if size != self._counted(one)]

    async def recount(self, organization_id: OrganizationId) -> None:
        self._database.organization_storage[organization_id] = self._counted(organization_id)

    def _counted(self, organization_id: OrganizationId) -> int:
        living = [one for one in self._database.sites.values() if one.status is not SiteStatus.DELETED]
        theirs = [one.id for one in living if one.organization_id == organization_id]
        return sum(self._database.site_storage.get(one, 0) for one in theirs)

    async def alive(self, site_ids: Collection[SiteId]) -> Mapping[SiteId, bool]:
        sites = self._database.sites
        return {one: sites[one].status is not SiteStatus.DELETED for one in site_ids if one in sites}


def forget_storage(database: MemoryDatabase, site_id: SiteId, owner: OrganizationId) -> None:
    """The bytes of a site that is no more count no more."""
    if size := database.site_storage.pop(site_id, 0):
        database.organization_storage[owner] -= size
