"""Who may do what with a project, in one table. 403 is for who sees it, 404 for who does not."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import pytest

from application.access.grant_views import GrantQuery
from application.access.read_grants import ListGrants
from application.projects.change_project import ChangeProject
from application.projects.delete_project import DeleteProject
from application.projects.read_projects import ListProjects, ShowProject
from application.projects.views import ProjectQuery
from domain.access.grant import Grant
from domain.projects.project import PROJECTS, Project, ProjectChanges
from domain.shared.caller import SITE_PERMISSIONS, Caller, Permission, UserId
from domain.shared.errors import ForbiddenError, NotFoundError
from domain.tenancy.scope import SiteScope
from tests.contracts.access.objects import CHANGE, DELETE, SHARE, VIEW, a_project, caller, rename, revoke, share
from tests.groups import a_group, leave
from tests.world import World

TABLE: Final = """
                       list  show  change  hand-over  delete  share-view  share-all  see-grants  revoke-view  revoke-all
admin                  ok    ok    ok      ok         ok      ok          ok         all         ok           ok
owner                  ok    ok    ok      ok         ok      ok          ok         all         ok           ok
stranger               404   404   404     404        404     404         404        404         404          404
owner-of-another       404   404   404     404        404     404         404        404         404          404
granted-another        404   404   404     404        404     404         404        404         404          404
granted-view           ok    ok    403     403        403     403         403        own         403          403
granted-change         ok    ok    ok      403        403     403         403        own         403          403
granted-delete         ok    ok    403     403        ok      403         403        own         403          403
granted-share          ok    ok    403     403        403     ok          403        all         ok           403
granted-all            ok    ok    ok      403        ok      ok          ok         all         ok           ok
group-view             ok    ok    403     403        403     403         403        own         403          403
group-all              ok    ok    ok      403        ok      ok          ok         all         ok           ok
left-the-group         404   404   404     404        404     404         404        404         404          404
granted-and-group      ok    ok    ok      403        403     ok          403        all         ok           403
may-view-all           ok    ok    403     403        403     403         403        own         403          403
may-change-all         ok    ok    ok      403        403     403         403        own         403          403
may-all-but-delete     ok    ok    ok      403        403     ok          403        all         ok           403
may-all                ok    ok    ok      ok         ok      ok          ok         all         ok           ok
may-share-all          ok    ok    403     403        403     ok          403        all         ok           403
change-all-blindly     404   404   404     404        404     404         404        404         404          404
change-all-sees-one    ok    ok    ok      403        403     403         403        own         403          403
"""
"""`share-view` and `share-all` give, `revoke-…` takes away view alone, or everything."""
HEAD, *ROWS = [line.split() for line in TABLE.strip().splitlines()]
SITE_WIDE: Final = {
    "admin": SITE_PERMISSIONS,
    "may-view-all": {Permission.PROJECTS_VIEW},
    "may-change-all": {Permission.PROJECTS_VIEW, Permission.PROJECTS_CHANGE},
    "may-all-but-delete": {Permission.PROJECTS_VIEW, Permission.PROJECTS_CHANGE, Permission.PROJECTS_SHARE},
    "may-all": {PROJECTS.view, PROJECTS.change, PROJECTS.delete, PROJECTS.share},
    "may-share-all": {Permission.PROJECTS_VIEW, Permission.PROJECTS_SHARE},
    "change-all-blindly": {Permission.PROJECTS_CHANGE},
    "change-all-sees-one": {Permission.PROJECTS_CHANGE},
}
GRANTED: Final = {
    "granted-view": [VIEW],
    "granted-change": [CHANGE],
    "granted-delete": [DELETE],
    "granted-share": [SHARE],
    "granted-all": [CHANGE, DELETE, SHARE],
    "granted-and-group": [CHANGE],
    "change-all-sees-one": [VIEW],
}
TO_GROUP: Final = {
    "group-view": [VIEW],
    "group-all": [CHANGE, DELETE, SHARE],
    "left-the-group": [CHANGE, DELETE, SHARE],
    "granted-and-group": [SHARE],
}


@dataclass(frozen=True, slots=True)
class Scene:
    """A project, granted to two others, and somebody who tries something with it."""

    world: World
    site: SiteScope
    who: Caller
    other: UserId
    project: Project
    to_view: Grant
    to_all: Grant

    @classmethod
    async def of(cls, world: World, site: SiteScope, role: str, people: dict[str, UserId]) -> "Scene":
        me = people["me"]
        project = await a_project(world, site, me if role == "owner" else people["owner"])
        another = await a_project(world, site, me if role == "owner-of-another" else people["owner"], "Venus")
        if role == "granted-another":
            await share(world, site, another, [CHANGE, DELETE, SHARE], user=me)
        if role in GRANTED:
            await share(world, site, project, GRANTED[role], user=me)
        if role in TO_GROUP:
            group = await a_group(world, site, me)
            await share(world, site, project, TO_GROUP[role], group=group)
            if role == "left-the-group":
                await leave(world, site, group, me)
        to_view = await share(world, site, project, [VIEW], user=people["reader"])
        to_all = await share(world, site, project, [CHANGE, DELETE, SHARE], user=people["editor"])
        who = caller(me, *SITE_WIDE.get(role, ()))
        return cls(world, site, who, people["other"], project, to_view, to_all)

    async def list(self) -> None:
        async with self.world.acting(self.site, self.who) as container:
            page = await (await container.get(ListProjects))(ProjectQuery(search="Moon"))
        assert page.count == len(page.results)
        if self.project.id not in {one.id for one in page.results}:
            raise NotFoundError

    async def show(self) -> None:
        async with self.world.acting(self.site, self.who) as container:
            await (await container.get(ShowProject))(project_id=self.project.id)

    async def change(self) -> None:
        await rename(self.world, self.site, self.project, by=self.who)

    async def hand_over(self) -> None:
        async with self.world.acting(self.site, self.who) as container:
            use_case = await container.get(ChangeProject)
            await use_case(project_id=self.project.id, changes=ProjectChanges(owner=self.other), seen=None)

    async def delete(self) -> None:
        async with self.world.acting(self.site, self.who) as container:
            await (await container.get(DeleteProject))(project_id=self.project.id, seen=None)

    async def share_view(self) -> None:
        await share(self.world, self.site, self.project, [VIEW], user=self.other, by=self.who)

    async def share_all(self) -> None:
        await share(self.world, self.site, self.project, [CHANGE, DELETE, SHARE], user=self.other, by=self.who)

    async def see_grants(self) -> str:
        async with self.world.acting(self.site, self.who) as container:
            list_grants = await container.get(ListGrants)
            page = await list_grants(PROJECTS, object_id=self.project.id, query=GrantQuery())
        assert page.count == len(page.results)
        return "all" if {self.to_view.id, self.to_all.id} <= {one.id for one in page.results} else "own"

    async def revoke_view(self) -> None:
        await revoke(self.world, self.site, self.to_view, by=self.who)

    async def revoke_all(self) -> None:
        await revoke(self.world, self.site, self.to_all, by=self.who)


async def outcome(operation: Callable[[], Awaitable[str | None]]) -> str:
    try:
        return await operation() or "ok"
    except ForbiddenError:
        return "403"
    except NotFoundError:
        return "404"


@pytest.mark.parametrize(("role", "expected"), [(role, rest) for role, *rest in ROWS], ids=[row[0] for row in ROWS])
async def test_who_may_what(world: World, role: str, expected: list[str]) -> None:
    site = await world.site()
    people = {name: (await world.user(site, name)).id for name in ("me", "owner", "reader", "editor", "other")}

    got = {}
    for name in HEAD:
        scene = await Scene.of(world, site, role, people)
        got[name] = await outcome(getattr(scene, name.replace("-", "_")))

    assert got == dict(zip(HEAD, expected, strict=True))
