from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, update

from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tenancy.rows import InvitationRow, MemberRow
from application.tenancy.organization_ports import OrganizationTies
from domain.tenancy.invitation import InvitationStatus
from domain.tenancy.organization import OrganizationId

_REVOKE: Final = Sql(
    update(InvitationRow)
    .where(
        InvitationRow.organization_id == bindparam("organization"),
        InvitationRow.status == InvitationStatus.PENDING.value,
    )
    .values(
        status=InvitationStatus.REVOKED.value,
        ended_at=bindparam("at"),
        updated_at=bindparam("at"),
        version=InvitationRow.version + 1,
    )
)


_REMOVE: Final = Sql(delete(MemberRow).where(MemberRow.organization_id == bindparam("organization")))


class PostgresOrganizationTies(OrganizationTies):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def end(self, organization_id: OrganizationId, *, at: datetime) -> None:
        await self._session.execute(_REMOVE, organization=organization_id)
        await self._session.execute(_REVOKE, organization=organization_id, at=at)
