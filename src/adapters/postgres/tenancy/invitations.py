from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, cast

import asyncpg
import msgspec
from sqlalchemy import Select, Table, and_, bindparam, collate, func, insert, or_, select, update

from adapters.postgres.identity.rows import UserRow
from adapters.postgres.purging import purge
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tenancy.rows import InvitationRow, MemberRow, OrganizationRow
from application.tenancy.invitation_ports import InvitationRepository
from domain.identity.login import folded
from domain.shared.caller import UserId
from domain.tenancy.invitation import (
    LATELY,
    LIFETIME,
    Invitation,
    InvitationId,
    InvitationNotFoundError,
    InvitationPendingError,
    InvitationStatus,
)
from domain.tenancy.membership import MemberRole
from domain.tenancy.organization import OrganizationId

_TABLE: Final = cast("Table", InvitationRow.__table__)
_COLUMNS: Final = tuple(_TABLE.c)
_KEPT: Final = {"id", "organization_id", "created_at", "created_by"}
_LIVING: Final = InvitationRow.organization_id.in_(
    select(OrganizationRow.id).where(OrganizationRow.deleted_at.is_(None))
)
_EMAIL: Final = func.lower(collate(InvitationRow.email, "C")) == bindparam("email")


def _one() -> Select[Any]:
    return select(*_COLUMNS).where(InvitationRow.id == bindparam("key"), _LIVING)


_FIND: Final = Sql(_one())
_GET: Final = Sql(_one().with_for_update(of=InvitationRow))
_PENDING: Final = Sql(
    select(*_COLUMNS)
    .where(InvitationRow.organization_id == bindparam("organization"), _EMAIL)
    .where(InvitationRow.status == InvitationStatus.PENDING.value)
    .with_for_update()
)
_LAPSED: Final = Sql(
    select(*_COLUMNS)
    .where(InvitationRow.status == InvitationStatus.PENDING.value, InvitationRow.expires_at <= bindparam("at"), _LIVING)
    .order_by(InvitationRow.expires_at)
    .limit(bindparam("most"))
    .with_for_update(of=InvitationRow, skip_locked=True)
)
_PURGE: Final = purge(
    InvitationRow,
    and_(InvitationRow.status == InvitationStatus.EXPIRED.value, InvitationRow.expires_at < bindparam("before")),
    by=InvitationRow.expires_at,
)
_OF_ORGANIZATION: Final = InvitationRow.organization_id == bindparam("organization")
_OTHERS: Final = Sql(
    select(func.count())
    .select_from(InvitationRow)
    .where(
        InvitationRow.id != bindparam("key"),
        or_(
            and_(
                _OF_ORGANIZATION,
                InvitationRow.status == InvitationStatus.PENDING.value,
                InvitationRow.expires_at > bindparam("at"),
            ),
            and_(
                or_(_OF_ORGANIZATION, InvitationRow.invited_by == bindparam("by")),
                InvitationRow.expires_at > bindparam("fresh"),
            ),
        ),
    )
)
_INSERT: Final = Sql(insert(_TABLE))
_UPDATE: Final = Sql(
    update(_TABLE)
    .where(InvitationRow.id == bindparam("key"))
    .values({column.name: bindparam(column.name) for column in _COLUMNS if column.name not in _KEPT})
)
_MEMBER: Final = Sql(
    select(MemberRow.id)
    .join(UserRow, UserRow.id == MemberRow.user_id)
    .where(
        MemberRow.organization_id == bindparam("organization"),
        func.lower(collate(UserRow.email, "C")) == bindparam("email"),
    )
)


class PostgresInvitationRepository(InvitationRepository):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def find(self, invitation_id: InvitationId) -> Invitation | None:
        record = await self._session.fetchrow(_FIND, key=invitation_id)
        return _to_invitation(record) if record else None

    async def get(self, invitation_id: InvitationId) -> Invitation:
        record = await self._session.fetchrow(_GET, key=invitation_id)
        if record is None:
            raise InvitationNotFoundError
        return _to_invitation(record)

    async def find_pending(self, organization_id: OrganizationId, email: str) -> Invitation | None:
        record = await self._session.fetchrow(_PENDING, organization=organization_id, email=folded(email))
        return _to_invitation(record) if record else None

    async def count_others(self, invitation: Invitation, *, by: UserId | None, at: datetime) -> int:
        record = await self._session.fetchrow(
            _OTHERS,
            key=invitation.id,
            organization=invitation.organization_id,
            by=by,
            at=at,
            fresh=at + LIFETIME - LATELY,
        )
        return int(record[0]) if record else 0

    async def add(self, invitation: Invitation) -> None:
        await self._write(_INSERT, invitation)

    async def save(self, invitation: Invitation) -> None:
        if not await self._write(_UPDATE, invitation):
            raise InvitationNotFoundError

    async def lapsed(self, *, at: datetime, limit: int) -> Sequence[Invitation]:
        return [_to_invitation(record) for record in await self._session.fetch(_LAPSED, at=at, most=limit)]

    async def purge_expired(self, *, before: datetime, at_most: int) -> int:
        return await self._session.execute(_PURGE, before=before, most=at_most)

    async def is_member(self, organization_id: OrganizationId, email: str) -> bool:
        record = await self._session.fetchrow(_MEMBER, organization=organization_id, email=folded(email))
        return record is not None

    async def _write(self, sql: Sql, invitation: Invitation) -> int:
        try:
            return await self._session.execute(sql, key=invitation.id, **_to_row(invitation))
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name == "uq_invitations_pending":
                raise InvitationPendingError("this address has an open invitation already") from error
            raise


def _to_row(invitation: Invitation) -> dict[str, Any]:
    row = {column.name: getattr(invitation, column.name) for column in _COLUMNS}
    return row | {
        "role": invitation.role.value,
        "status": invitation.status.value,
        "metadata": msgspec.json.encode(invitation.metadata).decode(),
    }


def _to_invitation(record: asyncpg.Record) -> Invitation:
    row = dict(record)
    return Invitation(
        role=MemberRole(row.pop("role")),
        status=InvitationStatus(row.pop("status")),
        metadata=msgspec.json.decode(row.pop("metadata")),
        **row,
    )
