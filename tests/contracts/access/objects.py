"""Projects to grant, and who grants them, on any store."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from dishka import AsyncContainer

from application.access.revoke_grant import RevokeGrant
from application.access.share_object import ShareObject
from application.projects.change_project import ChangeProject
from application.projects.ports import ProjectRepository
from application.projects.views import ProjectView
from application.shared.ports import UnitOfWork
from domain.access.grant import Grant
from domain.access.group import GroupId
from domain.projects.project import PROJECTS, Project, ProjectChanges, ProjectId, ProjectStatus
from domain.shared.caller import Caller, Permission, UserId
from domain.shared.grantable import ObjectPermission
from domain.tenancy.scope import SiteScope
from entrypoints.identifiers import new_id
from tests.domain.identity.people import NOON
from tests.world import OPERATOR, World

VIEW, CHANGE, DELETE, SHARE = ObjectPermission


def caller(user: UserId, *permissions: Permission) -> Caller:
    return Caller(label="somebody", permissions=frozenset(permissions), user_id=user)


@asynccontextmanager
async def transaction(world: World, site: SiteScope, who: Caller = OPERATOR) -> AsyncIterator[AsyncContainer]:
    async with world.acting(site, who) as container, await container.get(UnitOfWork):
        yield container


def a_new_project(owner: UserId, name: str = "Moon") -> Project:
    return Project(
        id=ProjectId(new_id()),
        name=name,
        description="",
        status=ProjectStatus.ACTIVE,
        owner=owner,
        created_at=NOON,
        updated_at=NOON,
        created_by=owner,
    )


async def add(world: World, site: SiteScope, *projects: Project) -> None:
    async with transaction(world, site) as container:
        for project in projects:
            await (await container.get(ProjectRepository)).add(project)


async def a_project(world: World, site: SiteScope, owner: UserId, name: str = "Moon") -> Project:
    project = a_new_project(owner, name)
    await add(world, site, project)
    return project


async def share(
    world: World,
    site: SiteScope,
    project: Project,
    permissions: Iterable[ObjectPermission],
    *,
    user: UserId | None = None,
    group: GroupId | None = None,
    by: Caller = OPERATOR,
) -> Grant:
    async with world.acting(site, by) as container:
        use_case = await container.get(ShareObject)
        return await use_case(
            PROJECTS, object_id=project.id, user=user, group=group, permissions=frozenset(permissions)
        )


async def revoke(world: World, site: SiteScope, grant: Grant, *, by: Caller = OPERATOR) -> None:
    async with world.acting(site, by) as container:
        use_case = await container.get(RevokeGrant)
        await use_case(PROJECTS, object_id=grant.object_id, grant_id=grant.id, seen=None)


async def rename(world: World, site: SiteScope, project: Project, *, by: Caller) -> ProjectView:
    async with world.acting(site, by) as container:
        use_case = await container.get(ChangeProject)
        return await use_case(project_id=project.id, changes=ProjectChanges(name="Mars"), seen=None)
