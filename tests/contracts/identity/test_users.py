import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.identity.user import EmailTakenError, User, UsernameTakenError, UserNotFoundError
from domain.tenancy.scope import SiteScope
from tests.contracts.identity.ports import reading, store, transaction
from tests.domain.identity.people import NOON, a_user
from tests.world import World


async def test_gives_back_what_was_added(world: World, site: SiteScope) -> None:
    full = a_user(
        first_name="Ädä",
        last_name="O'Neil \\ 🦀",
        is_active=False,
        is_admin=True,
        token_version=7,
        last_login_at=NOON + timedelta(microseconds=1),
        created_by=a_user(2).id,
        version=3,
    )
    await store(world, site, full)

    async with transaction(world, site) as ports:
        assert await ports.users.get(full.id) == full


@pytest.mark.parametrize("login", ["ada1", "ADA1", "aDa1", "ada1@example.org", "ADA1@EXAMPLE.ORG"])
async def test_finds_by_name_and_by_address_in_any_case(world: World, site: SiteScope, login: str) -> None:
    await store(world, site, a_user(), a_user(2))

    async with reading(world, site) as ports:
        assert await ports.users.find_by_login(login) == a_user()


@pytest.mark.parametrize(
    "login",
    [
        "",
        "ad",
        "ada",
        "ada1 ",
        "ada1@",
        "@example.org",
        "ada%",
        "_da1",
        "ada1\0",
        "'",
        "x' or '1'='1",
        "äda1",
        "\u212aim",
    ],
)
async def test_finds_nobody_by_another_login(world: World, site: SiteScope, login: str) -> None:
    await store(world, site, a_user(), a_user(2, username="kim"))

    async with reading(world, site) as ports:
        assert await ports.users.find_by_login(login) is None


@pytest.mark.parametrize("login", ["adm\u0130n", "adm\u0131n", "\u212aim", "\uff41dmin"])
async def test_no_lookalike_finds_a_name(world: World, site: SiteScope, login: str) -> None:
    await store(world, site, a_user(username="admin"), a_user(2, username="kim"))

    async with reading(world, site) as ports:
        assert await ports.users.find_by_login(login) is None


async def test_a_missing_user_is_an_error(world: World, site: SiteScope) -> None:
    async with transaction(world, site) as ports:
        with pytest.raises(UserNotFoundError):
            await ports.users.get(a_user().id)


async def test_nobody_is_saved_who_is_not_there(world: World, site: SiteScope) -> None:
    with pytest.raises(UserNotFoundError):
        async with transaction(world, site) as ports:
            await ports.users.save(a_user())


async def test_saves_what_may_change(world: World, site: SiteScope) -> None:
    await store(world, site, a_user(), a_user(2))
    changed = replace(
        a_user(),
        username="grace",
        email="grace@example.org",
        password_hash="new",
        is_active=False,
        is_admin=True,
        token_version=2,
        last_login_at=NOON,
        updated_at=NOON + timedelta(days=1),
        version=2,
    )

    async with transaction(world, site) as ports:
        await ports.users.save(changed)

    async with transaction(world, site) as ports:
        assert await ports.users.get(changed.id) == changed
        assert await ports.users.get(a_user(2).id) == a_user(2)


@pytest.mark.parametrize(
    ("second", "error"),
    [
        (a_user(2, username="ada1"), UsernameTakenError),
        (a_user(2, username="ADA1"), UsernameTakenError),
        (a_user(2, email="ada1@example.org"), EmailTakenError),
        (a_user(2, email="Ada1@Example.org"), EmailTakenError),
    ],
)
async def test_a_name_and_an_address_are_taken_in_any_case(
    world: World, site: SiteScope, second: User, error: type[Exception]
) -> None:
    await store(world, site, a_user())
    with pytest.raises(error):
        await store(world, site, second)

    await store(world, site, a_user(2))
    with pytest.raises(error):
        async with transaction(world, site) as ports:
            await ports.users.save(second)

    async with transaction(world, site) as ports:
        assert await ports.users.get(second.id) == a_user(2)


async def test_of_many_with_one_name_at_once_one_is_added(world: World, site: SiteScope) -> None:
    users = [a_user(n, username="Ada" if n % 2 else "ada") for n in range(1, 9)]

    results = await asyncio.gather(*(store(world, site, user) for user in users), return_exceptions=True)

    assert [type(result) for result in results].count(UsernameTakenError) == 7
    assert results.count(None) == 1


async def test_what_fails_leaves_nothing_behind(world: World, site: SiteScope) -> None:
    await store(world, site, a_user())

    async def change_and_fail() -> None:
        async with transaction(world, site) as ports:
            await ports.users.save(a_user(first_name="Changed"))
            await ports.users.add(a_user(2))
            await ports.users.add(a_user(3, username="ADA2"))

    with pytest.raises(UsernameTakenError):
        await change_and_fail()

    async with transaction(world, site) as ports:
        assert await ports.users.get(a_user().id) == a_user()
        assert await ports.users.find_by_login("ada2") is None


async def test_whoever_reads_a_user_in_a_transaction_changes_it_alone(world: World, site: SiteScope) -> None:
    await store(world, site, a_user())

    async def next_version() -> None:
        async with transaction(world, site) as ports:
            user = await ports.users.get(a_user().id)
            await asyncio.sleep(0)
            await ports.users.save(user.end_access(at=NOON))

    await asyncio.gather(*(next_version() for _ in range(10)))

    async with transaction(world, site) as ports:
        assert (await ports.users.get(a_user().id)).token_version == 11


async def test_two_sites_never_see_each_others_users(world: World, site: SiteScope, other: SiteScope) -> None:
    await store(world, site, a_user())
    await store(world, other, a_user(first_name="Theirs"))

    async with transaction(world, other) as ports:
        await ports.users.save(a_user(first_name="Changed"))
    async with transaction(world, site) as ports:
        assert await ports.users.get(a_user().id) == a_user()
    async with transaction(world, site) as ports:
        await ports.users.add(a_user(2))
    async with reading(world, other) as ports:
        assert await ports.users.find_by_login("ada2") is None
