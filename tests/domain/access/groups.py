"""Builders for the domain of access."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from domain.access.group import Group, GroupId, GroupMember, GroupMemberId
from domain.shared.caller import UserId
from tests.domain.identity.people import NOON


def a_group(number: int = 1, **changes: Any) -> Group:
    """Number 1 is `Editors1`, which gives nothing."""
    group = Group(
        id=GroupId(UUID(int=number)),
        name=f"Editors{number}",
        permissions=frozenset(),
        created_at=NOON,
        updated_at=NOON,
        created_by=None,
    )
    return replace(group, **changes)


def a_membership(group: int = 1, user: int = 1) -> GroupMember:
    return GroupMember(
        id=GroupMemberId(UUID(int=group * 1000 + user)),
        group_id=GroupId(UUID(int=group)),
        user_id=UserId(UUID(int=user)),
        created_at=NOON,
        created_by=None,
    )
