"""Users and members that were just made."""

from datetime import datetime
from typing import Any

from domain.identity.user import User
from domain.shared.caller import UserId
from domain.tenancy.membership import Member, MemberId, MemberRole
from domain.tenancy.organization import OrganizationId
from entrypoints.identifiers import new_id


def a_user(username: str, password_hash: str, now: datetime) -> User:
    return User(
        id=UserId(new_id()),
        username=username,
        email=f"{username}@example.org",
        password_hash=password_hash,
        created_at=now,
        updated_at=now,
        created_by=None,
    )


def a_member(of: OrganizationId, user: UserId, role: MemberRole, *, at: datetime, **fields: Any) -> Member:
    known: dict[str, Any] = {
        "joined_at": at,
        "rights_since": at,
        "created_at": at,
        "updated_at": at,
        "created_by": None,
    }
    return Member(id=MemberId(new_id()), organization_id=of, user_id=user, role=role, **known | fields)
