"""Who is told that a task is theirs to do, on every store."""

from dataclasses import replace

import pytest

from application.identity.ports import UserRepository
from domain.identity.user import User, UserChanges
from domain.projects.project import Project
from domain.shared.caller import SITE_PERMISSIONS, Caller
from domain.shared.grantable import ObjectPermission
from domain.tasks.task import Task, TaskStatus
from domain.tenancy.scope import SiteScope
from tests.contracts.access.objects import a_project, share, transaction
from tests.contracts.tasks.tasks import bulk, change, delete, open_task
from tests.job_ends import as_user, crash
from tests.mail.links import link_in
from tests.world import World


class Team:
    """A site, an admin and two others in it, and a project."""

    def __init__(self, world: World, site: SiteScope, people: tuple[User, User, User], project: Project) -> None:
        self.world, self.site, self.project = world, site, project
        self.ada, self.bob, self.eve = people
        self.boss = as_user(self.ada, *SITE_PERMISSIONS)

    async def open(self, by: Caller | None = None, **fields: object) -> Task:
        return await open_task(self.world, self.site, by or self.boss, self.project, **fields)

    async def told(self) -> list[str]:
        """To whom mails go by what has been done so far."""
        await self.world.settle()
        return [mail.to for mail in self.world.mails.sent]


@pytest.fixture
async def team(world: World) -> Team:
    site = await world.site("team")
    ada = await world.admin(site, "ada")
    people = (ada, await world.user(site, "bob"), await world.user(site, "eve"))
    return Team(world, site, people, await a_project(world, site, ada.id))


async def test_the_assignee_of_a_new_task_gets_a_mail(team: Team) -> None:
    task = await team.open(assignee=team.bob.id)
    assert await team.told() == ["bob@example.org"]
    (mail,) = team.world.mails.sent
    assert (mail.kind, mail.subject) == ("assignment", "A task for you: Paint")
    assert link_in(mail) == f"{team.world.host('team')}:8000/api/tasks/{task.id}/"
    for text in (mail.text, mail.html):
        assert all(word in text for word in ("ada", "bob", "Paint", team.world.slug("team")))


async def test_a_new_assignee_gets_one_and_the_old_one_none(team: Team) -> None:
    task = await team.open(assignee=team.bob.id)
    await team.told()
    await change(team.world, team.site, team.boss, task, assignee=team.eve.id)
    assert await team.told() == ["bob@example.org", "eve@example.org"]


async def test_nobody_is_told_what_they_did_themselves(team: Team) -> None:
    task = await team.open(assignee=team.ada.id)
    await change(team.world, team.site, team.boss, task, assignee=None)
    await change(team.world, team.site, team.boss, task, assignee=team.ada.id)
    assert await team.told() == []


async def test_what_does_not_change_the_assignee_tells_nobody(team: Team) -> None:
    task = await team.open(assignee=team.bob.id)
    await team.told()
    await change(team.world, team.site, team.boss, task, title="Brush", assignee=team.bob.id)
    await bulk(team.world, team.site, team.boss, [task], TaskStatus.DONE)
    assert await team.told() == ["bob@example.org"]


async def test_nothing_is_sent_of_what_was_refused(team: Team) -> None:
    with pytest.raises(Exception, match="project"):
        await team.open(as_user(team.eve), assignee=team.bob.id)
    assert await team.told() == []


async def test_what_is_no_longer_so_is_not_told(team: Team) -> None:
    """Given to another, taken away, and deleted, all before the job ran."""
    moved, freed, gone = [await team.open(assignee=team.bob.id) for _ in range(3)]
    await change(team.world, team.site, team.boss, moved, assignee=team.ada.id)
    await change(team.world, team.site, team.boss, freed, assignee=None)
    await delete(team.world, team.site, team.boss, gone)
    assert await team.told() == []


async def test_who_sees_the_task_still_but_is_not_to_do_it_any_more_gets_nothing(team: Team) -> None:
    await share(team.world, team.site, team.project, [ObjectPermission.VIEW], user=team.bob.id)
    task = await team.open(assignee=team.bob.id)
    await change(team.world, team.site, team.boss, task, assignee=None)
    assert await team.told() == []


async def test_who_is_not_active_any_more_gets_nothing(team: Team) -> None:
    await team.open(assignee=team.bob.id)
    async with transaction(team.world, team.site) as container:
        users = await container.get(UserRepository)
        bob = await users.get(team.bob.id)
        await users.save(bob.change(UserChanges(is_active=False), at=team.world.clock()))
    assert await team.told() == []


async def test_however_often_it_is_run_there_is_one_mail(team: Team) -> None:
    task = await team.open(assignee=team.bob.id)
    (job_id,) = await team.world.desk.due()
    for _ in range(2):
        await crash(team.world, job_id)
    assert await team.told() == ["bob@example.org"]
    assert task.assignee == team.bob.id


async def test_what_people_write_stays_where_it_belongs(team: Team) -> None:
    """No line of a header is made of a title, and no element of a page."""
    title = "=?utf-8?q?x=0D=0ABcc:_x?= \u2028Bcc: eve@example.org<script>"
    task = await team.open(assignee=team.bob.id)
    await change(team.world, team.site, team.boss, task, title=title)
    assert await team.told() == ["bob@example.org"]
    assert "<script>" not in team.world.mails.sent[0].html


async def test_another_site_is_not_touched(team: Team) -> None:
    other = await team.world.site("other")
    ada = await team.world.admin(other, "ada")
    project = await a_project(team.world, other, ada.id)
    twin = replace(team.bob, email="twin@example.org")
    async with transaction(team.world, other) as container:
        await (await container.get(UserRepository)).add(twin)
    await open_task(team.world, other, as_user(ada, *SITE_PERMISSIONS), project, assignee=twin.id)
    assert await team.told() == ["twin@example.org"]
