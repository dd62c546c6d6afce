"""Going back is a change like any other: with its rules, its permissions and an entry of its own."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar
from uuid import UUID

import pytest

from application.audit.ports import TrackedResource
from application.audit.revert_to_entry import RevertToEntry
from application.identity.delete_user import DeleteUser
from application.projects.project_history import ProjectHistory
from domain.audit.entry import (
    CannotRevertError,
    HistoryEntryId,
    HistoryEntryNotFoundError,
    NothingToRevertError,
    State,
)
from domain.projects.project import ProjectNotFoundError, ProjectStatus
from domain.shared.audited import Audited
from domain.shared.caller import NotPermittedError, Permission, UserId
from domain.shared.errors import StaleError
from domain.shared.grantable import ObjectPermission
from domain.tenancy.scope import SiteScope
from tests.contracts.access.objects import share, transaction
from tests.contracts.audit.objects import caller_of, changed, deleted, of_projects, opened
from tests.world import World

CREATE, VIEW, CHANGE = Permission.PROJECTS_CREATE, Permission.PROJECTS_VIEW, Permission.PROJECTS_CHANGE


async def people(world: World, site: SiteScope, *names: str) -> list[UserId]:
    return [(await world.user(site, name)).id for name in names]


async def test_makes_it_what_it_was_after_the_entry_and_tells_so(world: World) -> None:
    site = await world.site()
    ada, bob = await people(world, site, "ada", "bob")
    moon = await opened(world, site, caller_of(ada, CREATE))
    await changed(world, site, moon, name="Mars", description="Farther")
    await changed(world, site, moon, name="Venus", status=ProjectStatus.COMPLETED, owner=bob)
    records = of_projects(world, site, caller_of(bob, label="bob"))
    made, renamed, _ = await records.entries(project_id=moon)

    back = await records.revert(renamed.id, project_id=moon)
    assert back == (await of_projects(world, site).entries(project_id=moon))[-1]
    assert (back.operation, back.actor.label) == ("update", "bob")
    assert back.changes["name"] == ("Venus", "Mars")
    assert back.changes["owner"] == (str(bob), str(ada))
    assert back.changes["version"] == (3, 4)
    assert back.changes.keys() == {"name", "status", "owner", "version", "updated_at"}

    first = await of_projects(world, site).revert(made.id, project_id=moon)
    past = await of_projects(world, site).past(first.at, project_id=moon)
    assert (past["name"], past["description"], past["status"], past["version"]) == ("Moon", "Far", "active", 5)


async def test_what_is_so_already_is_not_reverted(world: World) -> None:
    site = await world.site()
    (ada,) = await people(world, site, "ada")
    moon = await opened(world, site, caller_of(ada, CREATE))
    records = of_projects(world, site, caller_of(ada))
    (made,) = await records.entries(project_id=moon)
    with pytest.raises(NothingToRevertError):
        await records.revert(made.id, project_id=moon)
    assert await records.entries(project_id=moon) == [made]


async def test_takes_what_the_change_takes(world: World) -> None:
    site = await world.site()
    ada, bob, cleo, eve = await people(world, site, "ada", "bob", "cleo", "eve")
    moon = await opened(world, site, caller_of(ada, CREATE))
    await changed(world, site, moon, name="Mars")
    async with transaction(world, site) as container:
        project = await (await container.get(ProjectHistory)).change_project.projects.get(moon)
    await share(world, site, project, [ObjectPermission.VIEW], user=bob)
    await share(world, site, project, [ObjectPermission.VIEW, ObjectPermission.CHANGE], user=cleo)
    made, renamed = await of_projects(world, site).entries(project_id=moon)

    with pytest.raises(ProjectNotFoundError):
        await of_projects(world, site, caller_of(eve)).revert(made.id, project_id=moon)
    for who in (caller_of(bob), caller_of(eve, VIEW)):
        with pytest.raises(NotPermittedError):
            await of_projects(world, site, who).revert(made.id, project_id=moon)
    await of_projects(world, site, caller_of(cleo)).revert(made.id, project_id=moon)
    await of_projects(world, site, caller_of(eve, VIEW, CHANGE)).revert(renamed.id, project_id=moon)


async def test_an_owner_is_given_back_by_whoever_may_hand_over_alone(world: World) -> None:
    site = await world.site()
    ada, bob = await people(world, site, "ada", "bob")
    moon = await opened(world, site, caller_of(ada, CREATE))
    await changed(world, site, moon, owner=bob)
    made, _ = await of_projects(world, site).entries(project_id=moon)
    with pytest.raises(NotPermittedError):
        await of_projects(world, site, caller_of(ada, VIEW, CHANGE)).revert(made.id, project_id=moon)
    await of_projects(world, site, caller_of(bob)).revert(made.id, project_id=moon)


async def test_only_at_the_version_that_was_seen(world: World) -> None:
    site = await world.site()
    (ada,) = await people(world, site, "ada")
    moon = await opened(world, site, caller_of(ada, CREATE))
    await changed(world, site, moon, name="Mars")
    records = of_projects(world, site, caller_of(ada))
    made, _ = await records.entries(project_id=moon)
    for seen in (frozenset({1}), frozenset[int]()):
        with pytest.raises(StaleError):
            await records.revert(made.id, seen, project_id=moon)
    await records.revert(made.id, frozenset({2}), project_id=moon)


async def test_what_was_deleted_is_made_anew_under_its_id(world: World) -> None:
    site = await world.site()
    ada, bob = await people(world, site, "ada", "bob")
    moon = await opened(world, site, caller_of(ada, CREATE))
    await changed(world, site, moon, name="Mars")
    async with transaction(world, site) as container:
        project = await (await container.get(ProjectHistory)).change_project.projects.get(moon)
    await share(world, site, project, [ObjectPermission.VIEW], user=bob)
    await deleted(world, site, moon)
    records = of_projects(world, site, caller_of(bob, VIEW, CREATE, CHANGE))
    made, _, gone = await records.entries(project_id=moon)

    with pytest.raises(StaleError):
        await records.revert(gone.id, frozenset({2}), project_id=moon)
    back = await records.revert(gone.id, project_id=moon)
    assert (back.operation, back.changes["name"], back.changes["owner"]) == ("insert", (None, "Mars"), (None, str(ada)))
    assert back.changes["version"] == (None, 3)
    assert back.changes["created_at"][1] == made.changes["created_at"][1]
    assert back.changes["created_by"] == (None, str(ada))
    with pytest.raises(ProjectNotFoundError):
        await of_projects(world, site, caller_of(bob)).page(project_id=moon)


@pytest.mark.parametrize("missing", [VIEW, CREATE, CHANGE])
async def test_making_anew_takes_what_opening_for_another_takes(world: World, missing: Permission) -> None:
    site = await world.site()
    ada, bob = await people(world, site, "ada", "bob")
    moon = await opened(world, site, caller_of(ada, CREATE))
    await deleted(world, site, moon)
    _, gone = await of_projects(world, site).entries(project_id=moon)
    who = caller_of(bob, *({VIEW, CREATE, CHANGE} - {missing}))
    with pytest.raises((NotPermittedError, ProjectNotFoundError)):
        await of_projects(world, site, who).revert(gone.id, project_id=moon)


async def test_rules_of_now_hold_for_what_was_then(world: World) -> None:
    """Its owner of then is no user any more."""
    site = await world.site()
    ada, bob = await people(world, site, "ada", "bob")
    moon = await opened(world, site, caller_of(ada, CREATE))
    await changed(world, site, moon, owner=bob)
    async with world.acting(site) as container:
        await (await container.get(DeleteUser))(user_id=ada, seen=None)
    made, _ = await of_projects(world, site).entries(project_id=moon)
    with pytest.raises(CannotRevertError, match="owner"):
        await of_projects(world, site).revert(made.id, project_id=moon)


async def test_an_entry_of_another_row_is_nothing_to_go_back_to(world: World) -> None:
    site = await world.site()
    (ada,) = await people(world, site, "ada")
    moon, mars = [await opened(world, site, caller_of(ada, CREATE)) for _ in range(2)]
    (made,) = await of_projects(world, site).entries(project_id=mars)
    with pytest.raises(HistoryEntryNotFoundError):
        await of_projects(world, site).revert(made.id, project_id=moon)


async def test_of_reverts_and_changes_at_once_none_is_lost_unseen(world: World) -> None:
    """Each leaves an entry whose version follows the one before, and what is there is what the last one made."""
    site = await world.site()
    (ada,) = await people(world, site, "ada")
    moon = await opened(world, site, caller_of(ada, CREATE))
    await changed(world, site, moon, name="Mars", description="Red")
    records = of_projects(world, site)
    made, _ = await records.entries(project_id=moon)

    async def revert() -> bool:
        try:
            await records.revert(made.id, project_id=moon)
        except (NothingToRevertError, StaleError):
            return False
        return True

    attempts: list[Any] = [revert() for _ in range(4)]
    attempts += [changed(world, site, moon, name=f"N{number}") for number in range(4)]
    results = await asyncio.gather(*attempts)
    entries = await records.entries(project_id=moon)
    done = sum(one is True for one in results[:4])

    assert [entry.changes["version"][1] for entry in entries] == list(range(1, 3 + done + 4))
    names = [entry.changes["name"] for entry in entries if "name" in entry.changes]
    assert [before for before, _ in names[1:]] == [after for _, after in names[:-1]]


class Overtaken(TrackedResource):
    """Somebody changes the project between the look at it and the first write."""

    kind: ClassVar[Audited] = ProjectHistory.kind

    def __init__(self, resource: ProjectHistory, overtake: Callable[[], Awaitable[None]]) -> None:
        self._resource = resource
        self._overtake: Callable[[], Awaitable[None]] | None = overtake

    async def locate(self, key: Mapping[str, Any]) -> UUID:
        return await self._resource.locate(key)

    def is_gone(self, state: State) -> bool:
        return self._resource.is_gone(state)

    async def change(self, key: Mapping[str, Any], values: Mapping[str, Any], seen: frozenset[int] | None) -> int:
        overtake, self._overtake = self._overtake, None
        if overtake:
            await overtake()
        return await self._resource.change(key, values, seen)

    async def recreate(self, row_id: UUID, state: State) -> int:
        return await self._resource.recreate(row_id, state)


async def test_what_somebody_changes_between_is_reverted_too_and_not_missed(world: World) -> None:
    site = await world.site()
    (ada,) = await people(world, site, "ada")
    moon = await opened(world, site, caller_of(ada, CREATE))
    await changed(world, site, moon, name="Mars")
    made, _ = await of_projects(world, site).entries(project_id=moon)
    async with world.acting(site) as container:
        resource = Overtaken(
            await container.get(ProjectHistory), lambda: changed(world, site, moon, description="Meanwhile")
        )
        revert = await container.get(RevertToEntry)
        back = await revert(resource, key={"project_id": moon}, entry_id=HistoryEntryId(made.id), seen=None)

    assert back.changes["name"] == ("Mars", "Moon")
    assert back.changes["description"] == ("Meanwhile", "Far")
    assert back.changes["version"] == (3, 4)


async def test_of_two_who_make_it_anew_one_does(world: World) -> None:
    site = await world.site()
    (ada,) = await people(world, site, "ada")
    moon = await opened(world, site, caller_of(ada, CREATE))
    await deleted(world, site, moon)
    records = of_projects(world, site)
    _, gone = await records.entries(project_id=moon)
    results = await asyncio.gather(
        *(records.revert(gone.id, project_id=moon) for _ in range(4)), return_exceptions=True
    )

    assert sorted(type(one).__name__ for one in results) == ["HistoryEntryView", *["NothingToRevertError"] * 3]
    assert len(await records.entries(project_id=moon)) == 3
