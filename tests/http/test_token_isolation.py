from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from application.identity.session_tokens import hash_of
from application.tenancy.read_sites import ShowSite
from domain.tenancy.scope import PlatformScope, SiteScope
from domain.tenancy.site import SiteId
from domain.tenancy.slug import SiteSlug
from tests.contracts.identity.ports import store, transaction
from tests.http.accounts import JWT, PLATFORM, Account
from tests.world import World


@pytest.fixture
async def ada(world: World) -> AsyncIterator[Account]:
    """The admin of a site; the platform and another site have one each, too, with the same password."""
    for name in ("acme", "other"):
        await world.admin(await world.site(name), "ada")
    await world.admin(username="ada")
    async with world.http() as client:
        yield Account(client, world.host(), "ada")


def other_of(ada: Account, world: World) -> Account:
    return Account(ada.client, world.host("other"), "ada")


def platform_of(ada: Account, world: World) -> Account:
    return Account(ada.client, PLATFORM, f"ada-{world.suffix}")


async def test_a_token_is_good_on_its_own_host_alone(ada: Account, world: World) -> None:
    places = [ada, other_of(ada, world), platform_of(ada, world)]
    pairs = [await place.log_in() for place in places]

    for home, pair in zip(places, pairs, strict=True):
        for place in places:
            expected = 200 if place is home else 401
            answer = await place.sessions(pair["access"])
            assert answer.status_code == expected
            assert await place.verify(pair["access"]) == expected
            assert await place.verify(pair["refresh"]) == expected
            if place is not home:
                assert answer.headers["www-authenticate"].startswith("Bearer ")
                assert answer.json()["code"] == "token_not_valid"
                assert (await place.refresh(pair["refresh"])).status_code == 401
                assert (await place.post(f"{JWT}/blacklist/", {"refresh": pair["refresh"]})).status_code == 401
    for home, pair in zip(places, pairs, strict=True):
        assert (await home.refresh(pair["refresh"])).status_code == 200


async def test_a_copy_of_a_site_refuses_the_tokens_of_the_original(ada: Account, world: World) -> None:
    """The same user with the same session, on a site and on the platform: the audience alone tells them apart."""
    pair = await ada.log_in()
    copy = await world.site("copy")
    await ada.client.catch_up()
    async with transaction(world, await scope_of(world)) as ports:
        user = await ports.users.find_by_login("ada")
        link = await ports.chain.find(hash_of(pair["refresh"]))
        assert user
        assert link
        session = await ports.sessions.find(link.session_id)
        assert session
    named = replace(user, username=f"ada-{world.suffix}-copy", email=f"ada-{world.suffix}-copy@example.org")
    await store(world, copy, user, session, link)
    await store(world, PlatformScope(), named, session, link)

    for base in (world.host("copy"), PLATFORM):
        place = Account(ada.client, base, "ada")
        assert (await place.sessions(pair["access"])).status_code == 401
        assert await place.verify(pair["access"]) == 401
        assert await place.verify(pair["refresh"]) == 401
        assert (await place.refresh(pair["refresh"])).status_code == 401
        assert (await place.post(f"{JWT}/blacklist/", {"refresh": pair["refresh"]})).status_code == 401
    assert (await ada.refresh(pair["refresh"])).status_code == 200


async def test_a_deactivated_user_is_out_at_once(ada: Account, world: World) -> None:
    pair = await ada.log_in()

    async with transaction(world, await scope_of(world)) as ports:
        user = await ports.users.find_by_login("ada")
        assert user
        await ports.users.save(replace(user, is_active=False))

    assert (await ada.sessions(pair["access"])).status_code == 401
    assert await ada.verify(pair["refresh"]) == 401
    assert (await ada.refresh(pair["refresh"])).status_code == 401
    refused = await ada.attempt()
    assert (refused.status_code, refused.json()["code"]) == (401, "wrong_credentials")


async def scope_of(world: World) -> SiteScope:
    """The site `acme`."""
    async with world.acting() as container:
        site = await (await container.get(ShowSite))(slug=world.slug())
    return SiteScope(SiteId(site.id), site.slug, SiteSlug(site.slug).schema)
