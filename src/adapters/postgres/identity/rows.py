from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, collate, func, text
from sqlalchemy.orm import Mapped, mapped_column

from adapters.postgres.tables import SCOPE, Table, UtcTime, one_of
from domain.identity.session import SessionEnd


class UserRow(Table):
    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    first_name: Mapped[str] = mapped_column(Text)
    last_name: Mapped[str] = mapped_column(Text)
    is_active: Mapped[bool]
    is_admin: Mapped[bool]
    token_version: Mapped[int]
    last_login_at: Mapped[datetime | None] = mapped_column(UtcTime)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
    created_by: Mapped[UUID | None]
    version: Mapped[int]

    __table_args__ = (
        Index("uq_users_username", func.lower(collate(username, "C")), unique=True),
        Index("uq_users_email", func.lower(collate(email, "C")), unique=True),
        {"schema": SCOPE},
    )


class SessionRow(Table):
    __tablename__ = "sessions"
    __table_args__ = (
        one_of("ended_because", SessionEnd),
        Index("ix_sessions_user_id", "user_id", postgresql_where=text("ended_at is null")),
        {"schema": SCOPE},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(UserRow.id, name="fk_sessions_user_id_users", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(Text)
    user_agent: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    last_used_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ended_because: Mapped[str | None] = mapped_column(Text)


class RefreshTokenRow(Table):
    __tablename__ = "refresh_tokens"
    __table_args__ = (
        Index("ix_refresh_tokens_session_id", "session_id"),
        Index("uq_refresh_tokens_token_hash", "token_hash", unique=True),
        {"schema": SCOPE},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(
        ForeignKey(SessionRow.id, name="fk_refresh_tokens_session_id_sessions", ondelete="CASCADE")
    )
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    issued_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    consumed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    successor_id: Mapped[UUID | None]
