"""Who changed what and when, in the words of the resource."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from application.audit.ports import HistoryReader
from application.audit.views import ActorView, HistoryEntryView, HistoryQuery
from application.identity.change_user import ChangeUser
from application.identity.user_history import UserHistory
from application.projects.ports import ProjectRepository
from application.projects.project_history import ProjectHistory
from application.shared.page import PageRequest, Period
from domain.audit.entry import HistoryEntryNotFoundError, Operation
from domain.identity.audited import USER_HISTORY
from domain.identity.user import UserChanges, UserNotFoundError
from domain.projects.project import ProjectNotFoundError, ProjectStatus
from domain.shared.caller import Caller, Permission
from domain.shared.errors import InvalidError
from domain.shared.grantable import ObjectPermission
from domain.tenancy.scope import SiteScope
from tests.contracts.access.objects import share, transaction
from tests.contracts.audit.objects import Records, caller_of, changed, deleted, of_projects, opened
from tests.world import PLATFORM, World


async def an_editor(world: World, site: SiteScope, name: str = "ada") -> Caller:
    user = await world.user(site, name)
    return caller_of(user.id, *(one for one in Permission if one.startswith("projects")), label=name)


async def test_tells_who_when_and_what_newest_first(world: World) -> None:
    site = await world.site()
    ada, bob = await an_editor(world, site), await an_editor(world, site, "bob")
    moon = await opened(world, site, ada)
    await changed(world, site, moon, ada, owner=bob.user_id, status=ProjectStatus.ON_HOLD)
    await deleted(world, site, moon, bob)
    page = await of_projects(world, site).page(project_id=moon)
    gone, moved, made = page.results

    assert page.count == 3
    assert [one.operation for one in (made, moved, gone)] == ["insert", "update", "delete"]
    assert made.id < moved.id < gone.id
    assert made.at <= moved.at <= gone.at <= world.clock()
    assert {one.row_id for one in page.results} == {moon}
    assert {one.table for one in page.results} == {"projects"}
    assert (made.actor, gone.actor) == (ActorView(ada.user_id, "ada"), ActorView(bob.user_id, "bob"))
    assert {one.request_id for one in page.results} == {"test-request"}
    assert moved.changes.keys() == {"owner", "status", "version", "updated_at"}
    assert moved.changes["owner"] == (str(ada.user_id), str(bob.user_id))
    assert moved.changes["status"] == ("active", "on_hold")
    assert moved.changes["version"] == (1, 2)
    assert made.changes["name"] == (None, "Moon")
    assert gone.changes["name"] == ("Moon", None)
    assert made.changes.keys() == gone.changes.keys()
    assert made.changes["created_at"][1].utcoffset() == timedelta(0)


async def test_one_entry_is_that_of_the_list_and_of_no_other_row(world: World) -> None:
    site = await world.site()
    ada = await an_editor(world, site)
    moon, mars = await opened(world, site, ada), await opened(world, site, ada)
    records = of_projects(world, site)
    (made,) = await records.entries(project_id=moon)

    assert await records.entry(made.id, project_id=moon) == made
    for wrong in (made.id + 1_000_000, -1, 1 << 70, -1 << 70):
        with pytest.raises(HistoryEntryNotFoundError):
            await records.entry(wrong, project_id=moon)
    with pytest.raises(HistoryEntryNotFoundError):
        await records.entry(made.id, project_id=mars)


async def test_every_filter_finds_what_it_says(world: World) -> None:
    site = await world.site()
    ada, bob = await an_editor(world, site), await an_editor(world, site, "bob")
    moon = await opened(world, site, ada)
    await changed(world, site, moon, bob, name="Mars")
    await changed(world, site, moon, ada, status=ProjectStatus.ON_HOLD)
    records = of_projects(world, site)
    made, renamed, held = await records.entries(project_id=moon)

    async def found(**query: Any) -> list[HistoryEntryView]:
        page = await records.page(HistoryQuery(**query), project_id=moon)
        assert page.count == len(page.results)
        return page.results

    assert await found(actor=bob.user_id) == [renamed]
    assert await found(operation=Operation.INSERT) == [made]
    assert await found(operation=Operation.DELETE) == []
    assert await found(field="name") == [renamed, made]
    assert await found(field="owner") == [made]
    assert await found(field="status", actor=ada.user_id) == [held, made]
    assert await found(at=Period(start=renamed.at)) == [held, renamed]
    assert await found(at=Period(end=renamed.at)) == [renamed, made]
    assert await found(at=Period(start=renamed.at, end=renamed.at)) == [renamed]
    slices = [
        (await records.page(HistoryQuery(page=PageRequest(number=number, size=2)), project_id=moon))
        for number in (1, 2, 3)
    ]
    assert [(one.count, one.results) for one in slices] == [(3, [held, renamed]), (3, [made]), (3, [])]


@pytest.mark.parametrize("field", ["owner_id", "colour", "", "name' or true"])
async def test_an_unknown_field_is_refused(world: World, field: str) -> None:
    site = await world.site()
    moon = await opened(world, site, await an_editor(world, site))
    with pytest.raises(InvalidError) as refused:
        await of_projects(world, site).page(HistoryQuery(field=field), project_id=moon)
    assert "field" in refused.value.details


async def test_who_may_view_the_object_sees_its_history_and_nobody_else(world: World) -> None:
    site = await world.site()
    ada, bob, eve = [(await world.user(site, name)).id for name in ("ada", "bob", "eve")]
    moon = await opened(world, site, caller_of(ada, Permission.PROJECTS_CREATE))
    async with transaction(world, site) as container:
        project = await (await container.get(ProjectRepository)).get(moon)
    await share(world, site, project, [ObjectPermission.VIEW], user=bob)

    for who in (caller_of(ada), caller_of(bob), caller_of(eve, Permission.PROJECTS_VIEW)):
        assert len(await of_projects(world, site, who).entries(project_id=moon)) == 1
    with pytest.raises(ProjectNotFoundError):
        await of_projects(world, site, caller_of(eve)).page(project_id=moon)


async def test_of_what_is_deleted_only_who_may_view_all_sees_the_history(world: World) -> None:
    site = await world.site()
    ada, eve = [(await world.user(site, name)).id for name in ("ada", "eve")]
    moon = await opened(world, site, caller_of(ada, Permission.PROJECTS_CREATE))
    await deleted(world, site, moon)

    assert len(await of_projects(world, site, caller_of(eve, Permission.PROJECTS_VIEW)).entries(project_id=moon)) == 2
    with pytest.raises(ProjectNotFoundError):
        await of_projects(world, site, caller_of(ada)).page(project_id=moon)


async def test_what_never_was_has_no_history(world: World) -> None:
    site = await world.site()
    with pytest.raises(ProjectNotFoundError):
        await of_projects(world, site).page(project_id=UUID(int=7))


async def test_two_sites_and_the_platform_keep_their_histories_apart(world: World) -> None:
    ant, bee = await world.site("ant"), await world.site("bee")
    ada = await an_editor(world, ant)
    await an_editor(world, bee)
    moon = await opened(world, ant, ada)
    (made,) = await of_projects(world, ant).entries(project_id=moon)

    with pytest.raises(ProjectNotFoundError):
        await of_projects(world, bee).page(project_id=moon)
    with pytest.raises(ProjectNotFoundError):
        await of_projects(world, bee).entry(made.id, project_id=moon)
    with pytest.raises(ProjectNotFoundError):
        await of_projects(world, bee).past(made.at, project_id=moon)
    with pytest.raises(ProjectNotFoundError):
        await of_projects(world, bee).revert(made.id, project_id=moon)
    for scope in (bee, PLATFORM):
        with pytest.raises(UserNotFoundError):
            await Records(world=world, scope=scope, resource=UserHistory).page(user_id=ada.user_id)
    with pytest.raises((LookupError, RuntimeError)):
        await Records(world=world, scope=PLATFORM, resource=ProjectHistory).page(project_id=moon)


async def test_a_password_is_told_without_its_hash(world: World) -> None:
    site = await world.site()
    ada = await world.user(site, "ada")
    async with world.acting(site) as container:
        await (await container.get(ChangeUser))(
            user_id=ada.id, changes=UserChanges(), password="another-good-one", seen=None
        )
    records = Records(world=world, scope=site, resource=UserHistory)
    made, given = await records.entries(user_id=ada.id)

    assert given.changes.keys() == {"password", "version", "updated_at"}
    assert given.changes["password"] == ("[secret]", "[secret]")
    assert "password" not in made.changes
    assert "hash" not in repr((made, given))
    assert "hash" not in repr(await records.past(given.at, user_id=ada.id))
    assert (await records.page(HistoryQuery(field="password"), user_id=ada.id)).results == [given]
    async with world.acting(site) as container:
        history = await container.get(HistoryReader)
        states = [await history.state(USER_HISTORY, ada.id, before=before) for before in (None, given.id)]
    for state in states:
        assert state
        assert not {"password", "password_hash"} & state.keys()
        assert "good-one" not in repr(state)
