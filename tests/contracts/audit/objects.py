"""What is asked of histories, on any store."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from application.audit.ports import TrackedResource
from application.audit.read_history import ListHistory, ShowHistoryEntry, ShowPast
from application.audit.revert_to_entry import RevertToEntry
from application.audit.views import HistoryEntryView, HistoryQuery
from application.projects.change_project import ChangeProject
from application.projects.delete_project import DeleteProject
from application.projects.open_project import OpenProject
from application.projects.project_history import ProjectHistory
from application.shared.page import Page
from domain.audit.entry import HistoryEntryId
from domain.projects.project import Project, ProjectChanges, ProjectId, ProjectStatus
from domain.shared.caller import Caller, Permission
from domain.tenancy.scope import Scope, SiteScope
from tests.world import OPERATOR, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The histories of one kind in one scope, as one caller meets them."""

    world: World
    scope: Scope
    resource: type[TrackedResource]
    who: Caller = OPERATOR

    async def page(self, query: HistoryQuery | None = None, **key: Any) -> Page[HistoryEntryView]:
        async with self.world.acting(self.scope, self.who) as container:
            list_history = await container.get(ListHistory)
            page: Page[HistoryEntryView] = await list_history(
                await container.get(self.resource), key=key, query=query or HistoryQuery()
            )
            return page

    async def entries(self, **key: Any) -> list[HistoryEntryView]:
        """Oldest first."""
        return list(reversed((await self.page(**key)).results))

    async def entry(self, entry_id: int, **key: Any) -> HistoryEntryView:
        async with self.world.acting(self.scope, self.who) as container:
            show = await container.get(ShowHistoryEntry)
            entry: HistoryEntryView = await show(
                await container.get(self.resource), key=key, entry_id=HistoryEntryId(entry_id)
            )
            return entry

    async def past(self, at: datetime, **key: Any) -> dict[str, Any]:
        async with self.world.acting(self.scope, self.who) as container:
            show = await container.get(ShowPast)
            past: dict[str, Any] = await show(await container.get(self.resource), key=key, at=at)
            return past

    async def revert(self, entry_id: int, seen: frozenset[int] | None = None, **key: Any) -> HistoryEntryView:
        async with self.world.acting(self.scope, self.who) as container:
            revert = await container.get(RevertToEntry)
            entry: HistoryEntryView = await revert(
                await container.get(self.resource), key=key, entry_id=HistoryEntryId(entry_id), seen=seen
            )
            return entry


def of_projects(world: World, site: SiteScope, who: Caller = OPERATOR) -> Records:
    return Records(world=world, scope=site, resource=ProjectHistory, who=who)


async def opened(world: World, site: SiteScope, who: Caller, owner: UUID | None = None) -> ProjectId:
    async with world.acting(site, who) as container:
        project: Project = await (await container.get(OpenProject))(
            name="Moon", description="Far", status=ProjectStatus.ACTIVE, owner=owner
        )
        return project.id


async def changed(world: World, site: SiteScope, project_id: ProjectId, who: Caller = OPERATOR, **changes: Any) -> None:
    async with world.acting(site, who) as container:
        change = await container.get(ChangeProject)
        await change(project_id=project_id, changes=ProjectChanges(**changes), seen=None)


async def deleted(world: World, site: SiteScope, project_id: ProjectId, who: Caller = OPERATOR) -> None:
    async with world.acting(site, who) as container:
        await (await container.get(DeleteProject))(project_id=project_id, seen=None)


def caller_of(user_id: Any, *permissions: Permission, label: str = "ada") -> Caller:
    return Caller(label=label, user_id=user_id, permissions=frozenset(permissions))
