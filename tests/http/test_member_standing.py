import asyncio
from typing import Any

import pytest

from tests.http.people import (
    STANDING,
    Person,
    Platform,
    listed,
    member,
    path,
    refused,
    role,
)


@pytest.mark.parametrize("change", [{"role": "owner"}, {"is_active": False}, {"role": "owner", "title": "x"}], ids=str)
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
async def test_members_do_not_change_their_own_standing(
    bob: Person, acme: str, method: str, change: dict[str, Any]
) -> None:
    before = (await bob("GET", member(acme, bob))).json()
    body = change if method == "PATCH" else STANDING | change

    assert refused(await bob(method, member(acme, bob), json=body)) == (403, "own_standing")
    assert (await bob("GET", member(acme, bob))).json() == before


async def test_owners_and_admins_do_not_either(platform: Platform, ada: Person, bob: Person, acme: str) -> None:
    admin = await platform.admin()
    await ada("PATCH", member(acme, bob), json={"role": "owner"})
    await ada.add(acme, admin)

    for person, change in ((bob, {"role": "member"}), (bob, {"is_active": False}), (admin, {"role": "owner"})):
        assert refused(await person("PATCH", member(acme, person), json=change)) == (403, "own_standing")
    assert (await ada("PATCH", member(acme, bob), json={"role": "member"})).status_code == 200


@pytest.mark.parametrize("is_admin", [False, True])
async def test_the_last_owner_stays(platform: Platform, ada: Person, bob: Person, acme: str, *, is_admin: bool) -> None:
    eve = await platform.person("eve")
    await ada.add(acme, eve, "owner")
    await ada("PATCH", member(acme, eve), json={"is_active": False})
    who = await platform.admin() if is_admin else ada

    for method, body in (
        ("DELETE", None),
        ("PATCH", {"role": "member"}),
        ("PATCH", {"is_active": False}),
        ("PUT", STANDING),
    ):
        assert refused(await who(method, member(acme, ada), json=body)) == (422, "last_owner")
    assert await role(bob, acme, ada) == "owner"
    assert (await who("PATCH", member(acme, eve), json={"is_active": True})).status_code == 200
    assert (await eve("DELETE", member(acme, ada))).status_code == 204
    assert refused(await eve("DELETE", member(acme, eve))) == (422, "last_owner")


async def test_two_owners_who_demote_each_other_leave_one(ada: Person, bob: Person, acme: str) -> None:
    for _ in range(5):
        await ada("PATCH", member(acme, bob), json={"role": "owner"})
        answers = await asyncio.gather(
            ada("PATCH", member(acme, bob), json={"role": "member"}),
            bob("PATCH", member(acme, ada), json={"role": "member"}),
        )
        assert sorted(one.status_code for one in answers) == [200, 403]
        if answers[1].status_code == 200:
            ada, bob = bob, ada
        assert (await ada("GET", path(acme))).json()["owner_count"] == 1


async def test_two_owners_who_leave_at_once_leave_one(ada: Person, bob: Person, acme: str) -> None:
    await ada("PATCH", member(acme, bob), json={"role": "owner"})

    answers = await asyncio.gather(*(one("DELETE", member(acme, one)) for one in (ada, bob)))

    assert sorted(one.status_code for one in answers) == [204, 422]
    left = [one for one, answer in zip((ada, bob), answers, strict=True) if answer.status_code == 422]
    assert (await left[0]("GET", path(acme))).json()["owner_count"] == 1


async def test_one_leaves_while_the_other_is_demoted(ada: Person, bob: Person, acme: str) -> None:
    await ada("PATCH", member(acme, bob), json={"role": "owner"})

    answers = await asyncio.gather(
        bob("DELETE", member(acme, bob)), bob("PATCH", member(acme, ada), json={"role": "member"})
    )

    assert sorted(one.status_code for one in answers) in ([200, 422], [204, 404])


async def test_a_member_leaves(ada: Person, bob: Person, acme: str) -> None:
    assert refused(await bob("DELETE", member(acme, bob), headers={"If-Match": '"9"'})) == (412, "stale_version")
    assert (await bob("DELETE", member(acme, bob), headers={"If-Match": '"1"'})).status_code == 204

    assert await listed(ada, acme) == ["ada"]
    for method in ("GET", "DELETE"):
        assert refused(await ada(method, member(acme, bob))) == (404, "member_not_found")
        assert refused(await bob(method, member(acme, bob))) == (404, "organization_not_found")
    assert refused(await ada("PATCH", member(acme, bob), json={"title": "x"})) == (404, "member_not_found")
    assert refused(await ada("POST", f"{member(acme, bob)}sites/x/")) == (404, "member_not_found")


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
async def test_refuses_what_was_decided_on_an_old_version(ada: Person, bob: Person, acme: str, method: str) -> None:
    await bob("PATCH", member(acme, bob), json={"title": "New"})

    assert refused(await ada(method, member(acme, bob), json=STANDING, headers={"If-Match": '"1"'})) == (
        412,
        "stale_version",
    )
    assert (await ada(method, member(acme, bob), json=STANDING, headers={"If-Match": '"2"'})).status_code == 200
