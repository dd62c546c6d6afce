"""Who may do what with a task, in one table. 403 is for who sees it, 404 for who does not."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import pytest

from domain.projects.project import Project
from domain.shared.caller import SITE_PERMISSIONS, Caller, Permission, UserId
from domain.shared.errors import ForbiddenError, InvalidError, NotFoundError
from domain.shared.kinds import PROJECTS, TASKS
from domain.tasks.task import Task, TaskStatus
from domain.tenancy.scope import SiteScope
from tests.contracts.access.objects import CHANGE, DELETE, SHARE, VIEW, a_project, caller, share
from tests.contracts.tasks.tasks import a_task, bulk, change, delete, lend, open_task, shown, titles
from tests.groups import a_group, leave
from tests.world import World

TABLE: Final = """
                      list  show  open  status  bulk  title  assign  unassign  move  hand-over  delete  lend
admin                 ok    ok    ok    ok      ok    ok     ok      ok        ok    ok         ok      ok
stranger              404   404   400   404     404   404    404     404       404   404        404     404
owner                 ok    ok    400   ok      ok    ok     ok      ok        ok    ok         ok      ok
assignee              ok    ok    400   ok      ok    403    403     403       403   403        403     403
owner-of-another      404   404   400   404     404   404    404     404       404   404        404     404
assignee-of-another   404   404   400   404     404   404    404     404       404   404        404     404
lent-view             ok    ok    400   403     403   403    403     403       403   403        403     403
lent-change           ok    ok    400   ok      ok    ok     403     403       403   403        403     403
lent-change-share     ok    ok    400   ok      ok    ok     ok      ok        403   403        403     ok
lent-share            ok    ok    400   403     403   403    403     403       403   403        403     ok
lent-all              ok    ok    400   ok      ok    ok     ok      ok        ok    403        ok      ok
lent-to-group         ok    ok    400   ok      ok    ok     403     403       403   403        403     403
project-owner         ok    ok    ok    ok      ok    ok     ok      ok        ok    403        ok      ok
project-view          ok    ok    403   403     403   403    403     403       403   403        403     403
project-change        ok    ok    ok    ok      ok    ok     403     403       403   403        403     403
project-all           ok    ok    ok    ok      ok    ok     ok      ok        ok    403        ok      ok
project-group         ok    ok    ok    ok      ok    ok     403     403       403   403        403     403
left-the-group        404   404   400   404     404   404    404     404       404   404        404     404
project-and-lent      ok    ok    403   ok      ok    ok     ok      ok        403   403        403     ok
another-project       404   404   400   404     404   404    404     404       404   404        404     404
every-project-view    ok    ok    403   403     403   403    403     403       403   403        403     403
every-project-change  ok    ok    ok    ok      ok    ok     403     403       403   403        403     403
every-project-all     ok    ok    ok    ok      ok    ok     ok      ok        ok    ok         ok      ok
every-task-view       ok    ok    400   403     403   403    403     403       403   403        403     403
every-task-all        ok    ok    400   ok      ok    ok     ok      ok        ok    ok         ok      ok
change-blindly        404   404   400   404     404   404    404     404       404   404        404     404
create-blindly        404   404   400   404     404   404    404     404       404   404        404     404
create-viewing        ok    ok    ok    403     403   403    403     403       403   403        403     403
"""
"""`open` is in the project of the task; `move` is into one that the caller owns; `lend` gives view."""
HEAD, *ROWS = [line.split() for line in TABLE.strip().splitlines()]
SITE_WIDE: Final = {
    "admin": SITE_PERMISSIONS,
    "every-project-view": {PROJECTS.view},
    "every-project-change": {PROJECTS.view, PROJECTS.change},
    "every-project-all": {PROJECTS.view, PROJECTS.change, PROJECTS.delete, PROJECTS.share},
    "every-task-view": {TASKS.view},
    "every-task-all": {TASKS.view, TASKS.change, TASKS.delete, TASKS.share},
    "change-blindly": {TASKS.change, PROJECTS.change},
    "create-blindly": {Permission.TASKS_CREATE},
    "create-viewing": {Permission.TASKS_CREATE, PROJECTS.view},
}
LENT: Final = {
    "lent-view": [VIEW],
    "lent-change": [CHANGE],
    "lent-change-share": [CHANGE, SHARE],
    "lent-share": [SHARE],
    "lent-all": [CHANGE, DELETE, SHARE],
    "project-and-lent": [CHANGE, SHARE],
}
ON_PROJECT: Final = {
    "project-view": [VIEW],
    "project-change": [CHANGE],
    "project-all": [CHANGE, DELETE, SHARE],
    "project-and-lent": [VIEW],
}
TO_GROUP: Final = ("lent-to-group", "project-group", "left-the-group")


@dataclass(frozen=True, slots=True)
class Scene:
    """A task in somebody's project, and somebody who tries something with it."""

    world: World
    site: SiteScope
    who: Caller
    other: UserId
    project: Project
    mine: Project
    task: Task

    @classmethod
    async def of(cls, world: World, site: SiteScope, role: str, people: dict[str, UserId]) -> "Scene":
        me, owner = people["me"], people["owner"]
        project = await a_project(world, site, me if role == "project-owner" else owner)
        mine, another = await a_project(world, site, me, "Mine"), await a_project(world, site, owner, "Another")
        named = {"owner": me if role == "owner" else owner, "assignee": me if role == "assignee" else people["doer"]}
        task = await a_task(world, site, project, **named)
        await a_task(world, site, another, me if role == "owner-of-another" else owner, title="Far")
        if role == "assignee-of-another":
            await a_task(world, site, project, owner, assignee=me, title="Far")
        if role == "another-project":
            await share(world, site, another, [CHANGE, DELETE, SHARE], user=me)
        if role in LENT:
            await lend(world, site, task, *LENT[role], user=me)
        if role in ON_PROJECT:
            await share(world, site, project, ON_PROJECT[role], user=me)
        scene = cls(world, site, caller(me, *SITE_WIDE.get(role, ())), people["other"], project, mine, task)
        if role in TO_GROUP:
            await scene._join(role, me)
        return scene

    async def _join(self, role: str, me: UserId) -> None:
        group = await a_group(self.world, self.site, me)
        if role == "lent-to-group":
            await lend(self.world, self.site, self.task, CHANGE, group=group)
        else:
            await share(self.world, self.site, self.project, [CHANGE], group=group)
        if role == "left-the-group":
            await leave(self.world, self.site, group, me)

    async def list(self) -> None:
        if "Paint" not in await titles(self.world, self.site, self.who, project=self.project.id):
            raise NotFoundError

    async def show(self) -> None:
        await shown(self.world, self.site, self.task, self.who)

    async def open(self) -> None:
        await open_task(self.world, self.site, self.who, self.project)

    async def status(self) -> None:
        await self._change(status=TaskStatus.DONE)

    async def bulk(self) -> None:
        (one,) = await bulk(self.world, self.site, self.who, [self.task], TaskStatus.DONE)
        if one.refusal:
            raise one.refusal

    async def title(self) -> None:
        await self._change(title="Brush", status=TaskStatus.DONE)

    async def assign(self) -> None:
        await self._change(assignee=self.other)

    async def unassign(self) -> None:
        await self._change(assignee=None)

    async def move(self) -> None:
        await self._change(project=self.mine.id)

    async def hand_over(self) -> None:
        await self._change(owner=self.other)

    async def delete(self) -> None:
        await delete(self.world, self.site, self.who, self.task)

    async def lend(self) -> None:
        await lend(self.world, self.site, self.task, VIEW, user=self.other, by=self.who)

    async def _change(self, **fields: Any) -> None:
        await change(self.world, self.site, self.who, self.task, **fields)


async def outcome(operation: Callable[[], Awaitable[None]]) -> str:
    try:
        await operation()
    except ForbiddenError:
        return "403"
    except NotFoundError:
        return "404"
    except InvalidError:
        return "400"
    return "ok"


@pytest.mark.parametrize(("role", "expected"), [(role, rest) for role, *rest in ROWS], ids=[row[0] for row in ROWS])
async def test_who_may_what(world: World, role: str, expected: list[str]) -> None:
    site = await world.site()
    people = {name: (await world.user(site, name)).id for name in ("me", "owner", "doer", "other")}

    got = {}
    for name in HEAD:
        scene = await Scene.of(world, site, role, people)
        got[name] = await outcome(getattr(scene, name.replace("-", "_")))

    assert got == dict(zip(HEAD, expected, strict=True))
