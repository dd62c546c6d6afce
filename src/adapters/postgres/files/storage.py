"""The counts of bytes in `public`. Everywhere a site's own tables come first, then its organization, then the site."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, Uuid, any_, bindparam, cast, delete, exists, func, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from adapters.postgres.files.rows import FileRow, OrganizationStorageRow, SiteStorageRow, UploadRow
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import MissingSiteError, Sql
from adapters.postgres.tenancy.rows import OrganizationRow, SiteRow
from application.files.ports import FleetStorage, StorageLedger, StorageLimitError
from domain.tenancy.organization import OrganizationId
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import SiteId, SiteStatus

_SIZE: Final = bindparam("size", type_=BigInteger())
_SITE: Final = bindparam("site", type_=Uuid())
_ORGANIZATION: Final = bindparam("organization", type_=Uuid())
_OWNER: Final = select(SiteRow.organization_id).where(SiteRow.id == _SITE).scalar_subquery()
_MOST: Final = (
    select(OrganizationRow.max_storage_bytes)
    .join(SiteRow, OrganizationRow.id == SiteRow.organization_id)
    .where(SiteRow.id == _SITE)
    .scalar_subquery()
)
_MINE: Final = OrganizationStorageRow.organization_id == _OWNER
_MORE: Final = OrganizationStorageRow.bytes + _SIZE
_TAKE: Final = Sql(update(OrganizationStorageRow).where(_MINE, _MORE <= _MOST).values(bytes=_MORE))
_GIVE_BACK: Final = Sql(update(OrganizationStorageRow).where(_MINE).values(bytes=_MORE))
_INTO_SITE: Final = upsert(SiteStorageRow)
_ADD_TO_SITE: Final = Sql(
    _INTO_SITE.from_select(
        ["site_id", "organization_id", "bytes"],
        select(SiteRow.id, SiteRow.organization_id, _SIZE).where(SiteRow.id == _SITE),
    ).on_conflict_do_update(
        index_elements=[SiteStorageRow.site_id],
        set_={"bytes": SiteStorageRow.bytes + _INTO_SITE.excluded.bytes},
    )
)
_USED: Final = func.coalesce(OrganizationStorageRow.bytes, 0)
_HAS_ROOM: Final = Sql(
    select(OrganizationRow.max_storage_bytes >= _USED + _SIZE)
    .select_from(SiteRow)
    .join(OrganizationRow, OrganizationRow.id == SiteRow.organization_id)
    .outerjoin(OrganizationStorageRow, OrganizationStorageRow.organization_id == SiteRow.organization_id)
    .where(SiteRow.id == _SITE)
)
_HOLD_TABLES: Final = Sql(select(exists(select(FileRow.id)), exists(select(UploadRow.id))))
_ENSURE: Final = Sql(
    upsert(OrganizationStorageRow)
    .from_select(["organization_id", "bytes"], select(SiteRow.organization_id, literal(0)).where(SiteRow.id == _SITE))
    .on_conflict_do_nothing(index_elements=[OrganizationStorageRow.organization_id])
)
_LOCK: Final = Sql(select(OrganizationStorageRow.bytes).where(_MINE).with_for_update())


def _sum_of(size: Any) -> Any:
    return select(cast(func.coalesce(func.sum(size), 0), BigInteger))


_SURPLUS: Final = Sql(
    select(
        _sum_of(SiteStorageRow.bytes).where(SiteStorageRow.site_id == _SITE).scalar_subquery()
        - _sum_of(FileRow.size).scalar_subquery()
        - _sum_of(UploadRow.size).scalar_subquery()
    )
)
_FORGET: Final = (
    Sql(
        update(OrganizationStorageRow)
        .where(OrganizationStorageRow.organization_id == _ORGANIZATION)
        .values(
            bytes=OrganizationStorageRow.bytes
            - _sum_of(SiteStorageRow.bytes).where(SiteStorageRow.site_id == _SITE).scalar_subquery()
        )
    ),
    Sql(delete(SiteStorageRow).where(SiteStorageRow.site_id == _SITE)),
)
_LIVING: Final = SiteRow.status != SiteStatus.DELETED.value


class PostgresStorageLedger(StorageLedger):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def require_room(self, size: int) -> None:
        if size > 0:
            record = await self._session.fetchrow(_HAS_ROOM, site=self._site, size=size)
            if not (record and record[0]):
                raise StorageLimitError

    async def take(self, size: int) -> None:
        if not size:
            return
        if not await self._changed(_TAKE if size > 0 else _GIVE_BACK, size):
            raise StorageLimitError
        await self._session.execute(_ADD_TO_SITE, site=self._site, size=size)

    async def _changed(self, sql: Sql, size: int) -> bool:
        """Whether the organization's count took it; the first time there is none yet."""
        if await self._session.execute(sql, site=self._site, size=size):
            return True
        await self._session.execute(_ENSURE, site=self._site)
        return bool(await self._session.execute(sql, site=self._site, size=size))

    async def recount(self) -> int:
        await self._session.fetch(_HOLD_TABLES)
        if not await self._session.fetch(_LOCK, site=self._site):
            await self._session.execute(_ENSURE, site=self._site)
            await self._session.fetch(_LOCK, site=self._site)
        record = await self._session.fetchrow(_SURPLUS, site=self._site)
        surplus = int(record[0]) if record else 0
        await self._session.execute(_GIVE_BACK, site=self._site, size=-surplus)
        await self._session.execute(_ADD_TO_SITE, site=self._site, size=-surplus)
        return surplus

    @property
    def _site(self) -> SiteId:
        if not isinstance(self._session.scope, SiteScope):
            raise MissingSiteError("the bytes of files are a site's")
        return self._session.scope.site_id


_COUNTED: Final = (
    _sum_of(SiteStorageRow.bytes)
    .join(SiteRow, SiteRow.id == SiteStorageRow.site_id)
    .where(_LIVING, SiteStorageRow.organization_id == OrganizationStorageRow.organization_id)
    .correlate(OrganizationStorageRow)
    .scalar_subquery()
)
_MISCOUNTED: Final = Sql(select(OrganizationStorageRow.organization_id).where(OrganizationStorageRow.bytes != _COUNTED))
_LOCK_ORGANIZATION: Final = Sql(
    select(OrganizationStorageRow.bytes)
    .where(OrganizationStorageRow.organization_id == _ORGANIZATION)
    .with_for_update()
)
_RECOUNT: Final = Sql(
    update(OrganizationStorageRow).where(OrganizationStorageRow.organization_id == _ORGANIZATION).values(bytes=_COUNTED)
)
_ALIVE: Final = Sql(select(SiteRow.id, _LIVING).where(SiteRow.id == any_(bindparam("ids", type_=ARRAY(Uuid())))))


class PostgresFleetStorage(FleetStorage):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def miscounted(self) -> Sequence[OrganizationId]:
        return [OrganizationId(record[0]) for record in await self._session.fetch(_MISCOUNTED)]

    async def recount(self, organization_id: OrganizationId) -> None:
        await self._session.fetch(_LOCK_ORGANIZATION, organization=organization_id)
        await self._session.execute(_RECOUNT, organization=organization_id)

    async def alive(self, site_ids: Collection[SiteId]) -> Mapping[SiteId, bool]:
        records = await self._session.fetch(_ALIVE, ids=list(site_ids))
        return {SiteId(record[0]): bool(record[1]) for record in records}


async def forget_storage(session: ScopedSession, site_id: SiteId, owner: OrganizationId) -> None:
    """The bytes of a site that is no more count no more. Its tables have gone: nobody adds to them."""
    for sql in _FORGET:
        await session.execute(sql, site=site_id, organization=owner)
