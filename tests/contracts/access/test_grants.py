import asyncio
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from application.access.grant_ports import GrantableObjects, GrantReader, GrantRepository
from application.access.grant_views import SEES_ALL, GrantOrder, GrantQuery, GrantView, Viewer
from application.access.ports import GroupRepository
from application.identity.ports import UserRepository
from application.projects.delete_project import DeleteProject
from application.projects.ports import ProjectRepository
from application.shared.page import Page, PageRequest
from domain.access.grant import Grant, GrantId, GrantNotFoundError, UnknownReceiverError
from domain.access.group import GroupId
from domain.projects.project import PROJECTS, Project, ProjectNotFoundError
from domain.shared.caller import UserId
from domain.shared.errors import InvalidError
from domain.shared.grantable import EVERYTHING, with_view
from domain.tenancy.scope import SiteScope
from tests.contracts.access.objects import CHANGE, DELETE, SHARE, VIEW, a_project, revoke, share, transaction
from tests.groups import a_group
from tests.world import PLATFORM, World


async def grants_on(
    world: World, site: SiteScope, project: Project, query: GrantQuery | None = None, viewer: Viewer = SEES_ALL
) -> Page[GrantView]:
    async with world.acting(site) as container:
        reader: GrantReader = await container.get(GrantReader)
        return await reader.page(PROJECTS, project.id, query or GrantQuery(), viewer)


async def test_gives_back_what_was_granted(world: World) -> None:
    site = await world.site()
    ada, bob = await world.user(site, "ada"), await world.user(site, "bob")
    crew = await a_group(world, site)
    project = await a_project(world, site, ada.id)

    to_bob = await share(world, site, project, [CHANGE], user=bob.id)
    to_crew = await share(world, site, project, [SHARE, DELETE], group=crew)

    async with transaction(world, site) as container:
        grants: GrantRepository = await container.get(GrantRepository)
        assert await grants.get(PROJECTS, project.id, to_bob.id) == to_bob
        assert await grants.find(PROJECTS, project.id, user=None, group=crew) == to_crew
        assert await grants.find(PROJECTS, project.id, user=ada.id, group=None) is None
        with pytest.raises(GrantNotFoundError):
            await grants.get(PROJECTS, uuid4(), to_bob.id)
    page = await grants_on(world, site, project)
    assert page.results == [GrantView.of(to_bob), GrantView.of(to_crew)]
    assert [one.permissions for one in page.results] == [[VIEW, CHANGE], [VIEW, DELETE, SHARE]]


async def test_a_second_grant_to_the_same_replaces_the_first(world: World) -> None:
    site = await world.site()
    ada, bob = await world.user(site, "ada"), await world.user(site, "bob")
    project = await a_project(world, site, ada.id)
    first = await share(world, site, project, [CHANGE], user=bob.id)

    second = await share(world, site, project, [DELETE], user=bob.id)

    assert (second.id, second.version, second.created_at) == (first.id, 2, first.created_at)
    assert (await grants_on(world, site, project)).results == [GrantView.of(second)]


@pytest.mark.parametrize("field", ["user", "group"])
async def test_refuses_a_receiver_from_elsewhere_and_keeps_nothing(world: World, field: str) -> None:
    site, other = await world.site(), await world.site("other")
    ada = await world.user(site, "ada")
    stranger = (await world.user(other, "bob")).id if field == "user" else await a_group(world, other)
    project = await a_project(world, site, ada.id)

    with pytest.raises(UnknownReceiverError) as refused:
        await _share_with(world, site, project, field, stranger)

    assert refused.value.details == {field: [f"is not a {field} of this site"]}
    assert (await grants_on(world, site, project)).count == 0


async def _share_with(world: World, site: SiteScope, project: Project, field: str, receiver: UUID) -> None:
    user = UserId(receiver) if field == "user" else None
    group = GroupId(receiver) if field == "group" else None
    await share(world, site, project, [VIEW], user=user, group=group)


async def test_refuses_no_receiver_two_of_them_and_no_permission(world: World) -> None:
    site = await world.site()
    ada = await world.user(site, "ada")
    project = await a_project(world, site, ada.id)
    for receiver in ({}, {"user": ada.id, "group": GroupId(uuid4())}):
        with pytest.raises(InvalidError) as refused:
            await share(world, site, project, [], **receiver)  # type: ignore[arg-type]  # both kinds of id in one
        assert refused.value.details.keys() == {"user", "group", "permissions"}


async def test_grants_of_a_user_and_of_the_users_groups_add_up(world: World) -> None:
    site = await world.site()
    ada, bob = await world.user(site, "ada"), await world.user(site, "bob")
    crew, guests, others = (
        await a_group(world, site, bob.id),
        await a_group(world, site, bob.id),
        await a_group(world, site),
    )
    project, another = await a_project(world, site, ada.id), await a_project(world, site, ada.id)
    await share(world, site, project, [CHANGE], user=bob.id)
    await share(world, site, project, [DELETE], group=crew)
    await share(world, site, project, [VIEW], group=guests)
    await share(world, site, project, [SHARE], group=others)
    await share(world, site, another, [SHARE], user=bob.id)

    async with world.acting(site) as container:
        objects: GrantableObjects = await container.get(GrantableObjects)
        asked = [project.id, another.id, uuid4()]
        assert await objects.held(PROJECTS, asked, bob.id) == {
            project.id: {VIEW, CHANGE, DELETE},
            another.id: {VIEW, SHARE},
        }
        assert (await objects.held(PROJECTS, asked, ada.id))[project.id] == EVERYTHING
        assert await objects.held(PROJECTS, asked[2:], ada.id) == {}
        assert await objects.owner(PROJECTS, project.id) == ada.id
        with pytest.raises(ProjectNotFoundError, match="there is no project"):
            await objects.owner(PROJECTS, uuid4())


async def test_grants_go_with_their_object_and_no_others(world: World) -> None:
    site = await world.site()
    ada, bob = await world.user(site, "ada"), await world.user(site, "bob")
    project, another = await a_project(world, site, ada.id), await a_project(world, site, ada.id)
    await share(world, site, project, [VIEW], user=bob.id)
    kept = await share(world, site, another, [VIEW], user=bob.id)
    async with world.acting(site) as container:
        await (await container.get(DeleteProject))(project_id=project.id, seen=None)

    assert (await grants_on(world, site, project)).count == 0
    assert (await grants_on(world, site, another)).results == [GrantView.of(kept)]


async def test_grants_go_with_the_user_and_with_the_group(world: World) -> None:
    site = await world.site()
    ada, bob = await world.user(site, "ada"), await world.user(site, "bob")
    crew, others = await a_group(world, site, bob.id), await a_group(world, site)
    project = await a_project(world, site, ada.id)
    await share(world, site, project, [VIEW], user=bob.id)
    await share(world, site, project, [VIEW], group=crew)
    kept = await share(world, site, project, [VIEW], group=others)
    async with transaction(world, site) as container:
        await (await container.get(GroupRepository)).remove(crew)
        await (await container.get(UserRepository)).remove(bob.id)

    assert (await grants_on(world, site, project)).results == [GrantView.of(kept)]


async def test_two_sites_never_see_each_others(world: World) -> None:
    ant, bee = await world.site("ant"), await world.site("bee")
    ada = await world.user(ant, "ada")
    project = await a_project(world, ant, ada.id)
    grant = await share(world, ant, project, [VIEW], user=ada.id)

    assert (await grants_on(world, bee, project)).count == 0
    with pytest.raises(ProjectNotFoundError):
        await share(world, bee, project, [VIEW], user=ada.id)
    with pytest.raises(ProjectNotFoundError):
        await revoke(world, bee, grant)
    with pytest.raises((LookupError, RuntimeError)):
        async with world.acting(PLATFORM) as container:
            await (await container.get(GrantableObjects)).owner(PROJECTS, project.id)
    assert (await grants_on(world, ant, project)).count == 1


@pytest.mark.parametrize("ordering", list(GrantOrder))
async def test_lists_by_page_receiver_and_viewer(world: World, ordering: GrantOrder) -> None:
    site = await world.site()
    ada, bob = await world.user(site, "ada"), await world.user(site, "bob")
    crew, others = await a_group(world, site, bob.id), await a_group(world, site)
    project = await a_project(world, site, ada.id)
    given = []
    for receiver in ({"user": bob.id}, {"group": crew}, {"group": others}, {"user": ada.id}):
        world.clock.advance(seconds=1)
        given.append(await share(world, site, project, [VIEW], **receiver))
    world.clock.advance(seconds=1)
    given[0] = await share(world, site, project, [CHANGE], user=bob.id)
    field = ordering.value.removeprefix("-")
    in_order = sorted(given, key=lambda one: getattr(one, field), reverse=ordering.value.startswith("-"))

    found = [
        (await grants_on(world, site, project, GrantQuery(page=PageRequest(number=n, size=3), ordering=ordering)))
        for n in (1, 2, 3)
    ]
    assert [page.count for page in found] == [4, 4, 4]
    assert [one.id for page in found for one in page.results] == [one.id for one in in_order]
    own = await grants_on(world, site, project, GrantQuery(ordering=ordering), bob.id)
    assert [one.id for one in own.results] == [one.id for one in in_order if one in given[:2]]
    assert own.count == 2
    assert (await grants_on(world, site, project, GrantQuery(user=bob.id))).results == [GrantView.of(given[0])]
    assert (await grants_on(world, site, project, GrantQuery(group=others), bob.id)).count == 0


async def test_one_grant_is_shown_to_whom_it_is_given(world: World) -> None:
    site = await world.site()
    ada, bob = await world.user(site, "ada"), await world.user(site, "bob")
    project = await a_project(world, site, ada.id)
    grant = await share(world, site, project, [VIEW], group=await a_group(world, site, bob.id))
    async with world.acting(site) as container:
        reader: GrantReader = await container.get(GrantReader)
        assert await reader.get(PROJECTS, project.id, grant.id, SEES_ALL) == GrantView.of(grant)
        assert await reader.get(PROJECTS, project.id, grant.id, bob.id) == GrantView.of(grant)
        with pytest.raises(GrantNotFoundError):
            await reader.get(PROJECTS, project.id, grant.id, ada.id)
        with pytest.raises(GrantNotFoundError):
            await reader.get(PROJECTS, uuid4(), grant.id, SEES_ALL)


async def test_of_many_at_once_to_the_same_one_creates(world: World) -> None:
    site = await world.site()
    ada, bob = await world.user(site, "ada"), await world.user(site, "bob")
    project = await a_project(world, site, ada.id)

    given = await asyncio.gather(*(share(world, site, project, [VIEW], user=bob.id) for _ in range(8)))

    assert sorted(grant.version for grant in given) == list(range(1, 9))
    assert len({grant.id for grant in given}) == 1
    assert (await grants_on(world, site, project)).count == 1


async def test_nothing_is_left_of_grants_given_while_the_object_goes(world: World) -> None:
    site = await world.site()
    ada = await world.user(site, "ada")
    receivers = [(await world.user(site, f"user{number}")).id for number in range(6)]
    project = await a_project(world, site, ada.id)

    async def remove() -> None:
        async with transaction(world, site) as container:
            await (await container.get(ProjectRepository)).remove(project.id)

    shares = [share(world, site, project, [VIEW], user=user) for user in receivers]
    results = await asyncio.gather(*shares[:3], remove(), *shares[3:], return_exceptions=True)

    assert all(isinstance(one, Grant | ProjectNotFoundError | None) for one in results), results
    assert (await grants_on(world, site, project)).count == 0


async def test_a_failed_transaction_leaves_nothing(world: World) -> None:
    site = await world.site()
    ada = await world.user(site, "ada")
    project = await a_project(world, site, ada.id)
    grant = Grant(
        id=GrantId(uuid4()),
        resource=PROJECTS.resource,
        object_id=project.id,
        user=ada.id,
        group=None,
        permissions=with_view({CHANGE}),
        granted_by=None,
        created_at=world.clock(),
        updated_at=world.clock(),
        created_by=None,
    )
    elsewhere = replace(grant, id=GrantId(uuid4()), user=UserId(uuid4()))
    with pytest.raises(UnknownReceiverError):
        await _add(world, site, grant, elsewhere)
    assert (await grants_on(world, site, project)).count == 0


async def _add(world: World, site: SiteScope, *grants: Grant) -> None:
    async with transaction(world, site) as container:
        for grant in grants:
            await (await container.get(GrantRepository)).add(grant)
