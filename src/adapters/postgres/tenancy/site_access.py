from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tenancy.rows import SiteAccessRow, SiteRow
from application.shared.ports import NewId
from application.tenancy.organization_ports import SiteAccessRepository
from domain.shared.caller import UserId
from domain.tenancy.membership import Member
from domain.tenancy.site import SiteId, SiteNotFoundError, SiteStatus

_SITE: Final = Sql(
    select(SiteRow.id).where(
        SiteRow.organization_id == bindparam("organization"),
        SiteRow.slug == bindparam("slug"),
        SiteRow.status != SiteStatus.DELETED.value,
    )
)
_GRANT: Final = Sql(
    upsert(SiteAccessRow)
    .values({column.name: bindparam(column.name) for column in SiteAccessRow.__table__.c})
    .on_conflict_do_nothing(index_elements=[SiteAccessRow.member_id, SiteAccessRow.site_id])
)
_REVOKE: Final = Sql(
    delete(SiteAccessRow).where(
        SiteAccessRow.member_id == bindparam("member"), SiteAccessRow.site_id == bindparam("site")
    )
)

_HOLDERS: Final = Sql(select(SiteAccessRow.member_id).where(SiteAccessRow.site_id == bindparam("site")))


class PostgresSiteAccessRepository(SiteAccessRepository):
    def __init__(self, session: ScopedSession, new_id: NewId) -> None:
        self._session = session
        self._new_id = new_id

    async def grant(self, member: Member, site: str, *, at: datetime, by: UserId | None) -> None:
        site_id = await self._id_of(member, site)
        new = {"id": self._new_id(), "member_id": member.id, "site_id": site_id, "created_at": at, "created_by": by}
        await self._session.execute(_GRANT, **new)

    async def revoke(self, member: Member, site: str) -> None:
        await self._session.execute(_REVOKE, member=member.id, site=await self._id_of(member, site))

    async def copy(self, source: SiteId, target: SiteId, *, at: datetime, by: UserId | None) -> None:
        for holder in await self._session.fetch(_HOLDERS, site=source):
            new = {"id": self._new_id(), "member_id": holder[0], "site_id": target, "created_at": at, "created_by": by}
            await self._session.execute(_GRANT, **new)

    async def _id_of(self, member: Member, slug: str) -> SiteId:
        record = await self._session.fetchrow(_SITE, organization=member.organization_id, slug=slug)
        if record is None:
            raise SiteNotFoundError(f"there is no site {slug!r}")
        return SiteId(record["id"])
