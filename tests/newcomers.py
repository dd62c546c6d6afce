"""Users and members that were just made."""

from datetime import datetime

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


def a_member(of: OrganizationId, user: User, role: MemberRole, *, is_active: bool = True) -> Member:
    return Member(
        id=MemberId(new_id()),
        organization_id=of,
        user_id=user.id,
        role=role,
        is_active=is_active,
        joined_at=user.created_at,
        rights_since=user.created_at,
        created_at=user.created_at,
        updated_at=user.created_at,
        created_by=None,
    )
