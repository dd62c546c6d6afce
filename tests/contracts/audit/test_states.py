"""A resource as it was at a time."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from application.projects.ports import ProjectRepository
from application.shared.ports import UnitOfWork
from domain.audit.entry import NothingToRevertError, NotThenError
from domain.projects.project import ProjectChanges, ProjectStatus
from domain.shared.caller import Permission
from domain.shared.errors import InvalidError
from tests.contracts.audit.objects import caller_of, changed, deleted, of_projects, opened
from tests.world import World

TICK = timedelta(microseconds=1)


async def test_is_what_it_was_after_each_change_and_not_there_before_and_after(world: World) -> None:
    site = await world.site()
    ada = await world.user(site, "ada")
    moon = await opened(world, site, caller_of(ada.id, Permission.PROJECTS_CREATE))
    await changed(world, site, moon, name="Mars")
    await changed(world, site, moon, status=ProjectStatus.COMPLETED)
    await deleted(world, site, moon)
    records = of_projects(world, site)
    made, renamed, completed, gone = await records.entries(project_id=moon)

    async def then(at: datetime) -> tuple[Any, ...]:
        past = await records.past(at, project_id=moon)
        return past["name"], past["status"], past["version"]

    assert await then(made.at) == await then(renamed.at - TICK) == ("Moon", "active", 1)
    assert await then(renamed.at) == await then(completed.at - TICK) == ("Mars", "active", 2)
    assert await then(completed.at) == await then(gone.at - TICK) == ("Mars", "completed", 3)
    for at in (made.at - TICK, gone.at):
        with pytest.raises(NotThenError):
            await then(at)


async def test_has_the_fields_of_the_resource_in_its_words(world: World) -> None:
    site = await world.site()
    ada = await world.user(site, "ada")
    moon = await opened(world, site, caller_of(ada.id, Permission.PROJECTS_CREATE))
    (made,) = await of_projects(world, site).entries(project_id=moon)
    past = await of_projects(world, site).past(made.at, project_id=moon)

    assert past == {name: after for name, (_, after) in made.changes.items()}
    assert past["id"] == str(moon)
    assert past["owner"] == past["created_by"] == str(ada.id)
    assert past["created_at"] == past["updated_at"]


async def test_the_last_of_several_changes_in_one_transaction_counts(world: World) -> None:
    site = await world.site()
    ada = await world.user(site, "ada")
    moon = await opened(world, site, caller_of(ada.id, Permission.PROJECTS_CREATE))
    async with world.acting(site) as container:
        projects = await container.get(ProjectRepository)
        async with await container.get(UnitOfWork):
            for name in ("A", "B", "C"):
                project = await projects.get(moon)
                await projects.save(project.change(ProjectChanges(name=name), at=world.clock()))
    records = of_projects(world, site)
    last = (await records.entries(project_id=moon))[-1]

    assert (await records.past(last.at, project_id=moon))["name"] == "C"
    assert (await records.past(last.at - TICK, project_id=moon))["name"] == "Moon"


async def test_the_future_is_not_told(world: World) -> None:
    site = await world.site()
    moon = await opened(world, site, caller_of((await world.user(site, "ada")).id, Permission.PROJECTS_CREATE))
    with pytest.raises(InvalidError) as refused:
        await of_projects(world, site).past(world.clock() + timedelta(minutes=1), project_id=moon)
    assert refused.value.details == {"as_of": ["is in the future"]}


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_was_done_every_moment_is_as_it_was(world: World, seed: int) -> None:
    """Changes, deletions and reverts in any order; the state after each is noted and asked for in the end."""
    chance = random.Random(seed)  # noqa: S311  not for secrets
    site = await world.site()
    ada = await world.user(site, "ada")
    moon = await opened(world, site, caller_of(ada.id, Permission.PROJECTS_CREATE))
    records = of_projects(world, site)
    noted: list[tuple[datetime, dict[str, Any] | None]] = []
    there = True
    for number in range(25):
        entries = await records.entries(project_id=moon)
        if not there or chance.random() < 0.3:
            back = [entry for entry in entries if entry.operation == "delete"] if not there else entries
            try:
                await records.revert(chance.choice(back).id, project_id=moon)
                there = True
            except NothingToRevertError:
                continue
        elif chance.random() < 0.25:
            await deleted(world, site, moon)
            there = False
        else:
            changes: dict[str, Any] = {chance.choice(["name", "description"]): f"text {number}"}
            await changed(world, site, moon, **changes)
        newest = (await records.page(project_id=moon)).results[0]
        noted.append((newest.at, await records.past(world.clock(), project_id=moon) if there else None))

    assert len(noted) > 10
    for at, state in noted:
        if state is None:
            with pytest.raises(NotThenError):
                await records.past(at, project_id=moon)
        else:
            assert await records.past(at, project_id=moon) == state
