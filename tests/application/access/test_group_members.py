"""The use cases of groups, on memory."""

import pytest

from application.access.add_group_member import AddGroupMember
from application.access.remove_group_member import RemoveGroupMember
from domain.access.group import (
    GroupMemberExistsError,
    GroupMemberNotFoundError,
    UnknownMemberError,
)
from domain.identity.user import User
from domain.shared.caller import GROUP_PERMISSIONS, Caller, NotPermittedError, Permission, UserId
from tests.application.access.site_groups import ADA, ALL, BOB, CHANGE, VIEW, VIEWER, Groups
from tests.domain.identity.people import a_user


@pytest.mark.parametrize("user", [ADA, BOB], ids=["another", "themself"])
async def test_nobody_adds_a_member_to_a_group_that_gives_more_than_they_have(groups: Groups, user: User) -> None:
    strong, weak = await groups.create(CHANGE, name="Strong"), await groups.create(VIEW, name="Weak")
    with pytest.raises(NotPermittedError):
        await groups.add(strong, user, VIEWER)
    await groups.add(weak, user, VIEWER)

    assert (await groups.show(strong)).members == []
    assert (await groups.show(weak)).members == [user.id]


async def test_a_member_is_added_and_removed_once(groups: Groups) -> None:
    group = await groups.create()
    await groups.add(group, BOB)
    with pytest.raises(GroupMemberExistsError):
        await groups.add(group, BOB)
    await groups.run(RemoveGroupMember, ALL, group_id=group.id, user_id=BOB.id)
    with pytest.raises(GroupMemberNotFoundError):
        await groups.run(RemoveGroupMember, ALL, group_id=group.id, user_id=BOB.id)
    with pytest.raises(UnknownMemberError):
        await groups.add(group, a_user(9))


async def test_the_operator_gives_what_there_is(groups: Groups) -> None:
    operator = Caller(label="operator", permissions=frozenset(Permission))
    group = await groups.create(*GROUP_PERMISSIONS, by=operator)
    await groups.run(AddGroupMember, operator, group_id=group.id, user_id=UserId(BOB.id))

    assert (await groups.show(group)).members == [BOB.id]
