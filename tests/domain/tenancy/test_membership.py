from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.shared.caller import UserId
from domain.shared.errors import InvalidError
from domain.tenancy.membership import (
    LastOwnerError,
    Member,
    MemberChanges,
    MemberId,
    MemberRole,
    OrganizationRight,
    OwnStandingError,
)
from domain.tenancy.organization import OrganizationId

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


def a_member(role: MemberRole = MemberRole.MEMBER, **fields: Any) -> Member:
    plain: dict[str, Any] = {
        "id": MemberId(UUID(int=1)),
        "organization_id": OrganizationId(UUID(int=2)),
        "user_id": UserId(UUID(int=3)),
        "joined_at": NOON,
        "rights_since": NOON,
        "created_at": NOON,
        "updated_at": NOON,
        "created_by": None,
    }
    return Member(role=role, **plain | fields)


def test_owners_may_all_and_members_read_and_take_part() -> None:
    assert a_member(MemberRole.OWNER).rights == frozenset(OrganizationRight)
    assert a_member().rights == {OrganizationRight.VIEW, OrganizationRight.TAKE_PART}


@pytest.mark.parametrize("role", list(MemberRole))
def test_who_is_not_active_may_nothing(role: MemberRole) -> None:
    one = a_member(role, is_active=False)
    assert (one.rights, one.is_owner) == (frozenset(), False)


def test_a_change_leaves_the_rest() -> None:
    before = a_member(title="Head", phone="1")

    after = before.change(MemberChanges(title="", role=MemberRole.OWNER), at=LATER)

    assert after == replace(before, title="", role=MemberRole.OWNER, rights_since=LATER, updated_at=LATER, version=2)


def test_names_every_wrong_field_at_once() -> None:
    with pytest.raises(InvalidError) as refused:
        a_member(title="x" * 101, department="a\nb", phone="\0")
    assert refused.value.details.keys() == {"title", "department", "phone"}


@pytest.mark.parametrize("changes", [MemberChanges(role=MemberRole.MEMBER), MemberChanges(is_active=False), None])
def test_the_last_owner_stays(changes: MemberChanges | None) -> None:
    owner = a_member(MemberRole.OWNER)
    after = owner.change(changes, at=LATER) if changes else None

    with pytest.raises(LastOwnerError):
        owner.require_leavable(other_owners=0, after=after)
    owner.require_leavable(other_owners=1, after=after)


def test_whoever_is_no_active_owner_can_go() -> None:
    a_member().require_leavable(other_owners=0)
    a_member(MemberRole.OWNER, is_active=False).require_leavable(other_owners=0)
    owner = a_member(MemberRole.OWNER)
    owner.require_leavable(other_owners=0, after=owner.change(MemberChanges(title="Head"), at=LATER))


@pytest.mark.parametrize("changes", [MemberChanges(role=MemberRole.OWNER), MemberChanges(is_active=False)])
def test_nobody_changes_their_own_standing(changes: MemberChanges) -> None:
    member = a_member()
    with pytest.raises(OwnStandingError):
        member.require_same_standing(member.change(changes, at=LATER))
    same = MemberChanges(role=MemberRole.MEMBER, is_active=True, title="Head")
    member.require_same_standing(member.change(same, at=LATER))


def test_rights_count_from_when_there_came_any() -> None:
    later, last = NOON + timedelta(hours=1), NOON + timedelta(hours=2)
    promote, demote = MemberChanges(role=MemberRole.OWNER), MemberChanges(role=MemberRole.MEMBER)
    out, back = MemberChanges(is_active=False), MemberChanges(is_active=True)
    member, owner = a_member(), a_member(MemberRole.OWNER)

    assert member.change(MemberChanges(title="Boss"), at=later).rights_since == NOON
    assert owner.change(demote, at=later).rights_since == NOON
    assert member.change(out, at=later).rights_since == NOON
    assert member.change(promote, at=later).rights_since == later
    assert owner.change(demote, at=later).change(promote, at=last).rights_since == last
    assert member.change(out, at=later).change(back, at=last).rights_since == last
