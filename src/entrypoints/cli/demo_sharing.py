"""The reviewers of the demo: a group, one user in it, and one project that it may change."""

from typing import Final
from uuid import UUID

from dishka import AsyncContainer

from application.access.grant_ports import GrantRepository
from application.access.grant_views import SEES_ALL
from application.access.ports import GroupMemberRepository, GroupRepository
from application.identity.ports import PasswordHasher, UserRepository
from application.projects.ports import ProjectReader
from application.projects.views import ProjectOrder, ProjectQuery
from application.shared.page import PageRequest
from application.shared.ports import Clock, NewId, UnitOfWork
from domain.access.grant import Grant, GrantId
from domain.access.group import Group, GroupId, GroupMember, GroupMemberId
from domain.identity.user import User
from domain.projects.project import PROJECTS
from domain.shared.caller import UserId
from domain.shared.grantable import ObjectPermission, with_view

REVIEWER: Final = "rita"
GROUP: Final = "Reviewers"
_FIRST: Final = ProjectQuery(page=PageRequest(size=1), ordering=ProjectOrder.CREATED_AT)


async def make_reviewers(container: AsyncContainer, password: str) -> None:
    """Rita, who may do nothing on her own, sees the first project through her group.

    All in one transaction, and only where there is no Rita yet: what was changed since stays as it is.
    """
    users: UserRepository = await container.get(UserRepository)
    page = await (await container.get(ProjectReader)).page(_FIRST, SEES_ALL)
    if not page.results or await users.find_by_login(REVIEWER):
        return
    hasher = await container.get(PasswordHasher)
    clock, new_id = await container.get(Clock), await container.get(NewId)
    rita = _rita(UserId(new_id()), await hasher.hash(password), clock)
    group = _reviewers(GroupId(new_id()), clock)
    async with await container.get(UnitOfWork):
        await users.add(rita)
        await (await container.get(GroupRepository)).add(group)
        member = GroupMember(
            id=GroupMemberId(new_id()), group_id=group.id, user_id=rita.id, created_at=clock(), created_by=None
        )
        await (await container.get(GroupMemberRepository)).add(member)
        grant = _grant(GrantId(new_id()), page.results[0].id, group.id, clock)
        await (await container.get(GrantRepository)).add(grant)


def _rita(user_id: UserId, password_hash: str, clock: Clock) -> User:
    now = clock()
    return User(
        id=user_id,
        username=REVIEWER,
        email=f"{REVIEWER}@acme.example",
        first_name="Rita",
        password_hash=password_hash,
        created_at=now,
        updated_at=now,
        created_by=None,
    )


def _reviewers(group_id: GroupId, clock: Clock) -> Group:
    now = clock()
    return Group(id=group_id, name=GROUP, permissions=frozenset(), created_at=now, updated_at=now, created_by=None)


def _grant(grant_id: GrantId, project_id: UUID, group: GroupId, clock: Clock) -> Grant:
    now = clock()
    return Grant(
        id=grant_id,
        resource=PROJECTS.resource,
        object_id=project_id,
        user=None,
        group=group,
        permissions=with_view({ObjectPermission.CHANGE}),
        granted_by=None,
        created_at=now,
        updated_at=now,
        created_by=None,
    )
