from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, collate, func, text
from sqlalchemy.orm import Mapped, mapped_column

from adapters.postgres.tables import SCOPE, EntityTable, Table, UtcTime, one_of
from domain.identity.session import SessionEnd


class UserRow(EntityTable):
    """`linked_user_id` is the platform's user who this one is; in `public` there is none such."""

    __tablename__ = "users"

    username: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    first_name: Mapped[str] = mapped_column(Text)
    last_name: Mapped[str] = mapped_column(Text)
    is_active: Mapped[bool]
    is_admin: Mapped[bool]
    token_version: Mapped[int]
    last_login_at: Mapped[datetime | None] = mapped_column(UtcTime)
    linked_user_id: Mapped[UUID | None]

    __table_args__ = (
        Index("uq_users_username", func.lower(collate(username, "C")), unique=True),
        Index("uq_users_email", func.lower(collate(email, "C")), unique=True),
        Index("uq_users_linked_user_id", "linked_user_id", unique=True),
        {"schema": SCOPE},
    )


class SessionRow(Table):
    """`impersonator` is the platform's admin who acts as the user in it, if one does; `platform_session` the
    platform's session that it was opened from.
    """

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
    impersonator: Mapped[UUID | None]
    impersonator_label: Mapped[str | None] = mapped_column(Text)
    platform_session: Mapped[UUID | None]


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


class PasswordResetRow(Table):
    """`token_hash` is the SHA-256 of what stands in the mail."""

    __tablename__ = "password_resets"
    __table_args__ = (
        Index("ix_password_resets_user_id", "user_id"),
        Index("uq_password_resets_token_hash", "token_hash", unique=True),
        {"schema": SCOPE},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey(UserRow.id, name="fk_password_resets_user_id_users", ondelete="CASCADE")
    )
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)
