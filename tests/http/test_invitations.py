"""Invitations over HTTP: on the platform's host, by mail, with and without an account."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.http.desks import HOST, NEWCOMER, PATH, desk_of
from tests.organizations import a_person, an_organization, join
from tests.world import PASSWORD, HttpClient, World, memory_world, token


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with memory_world() as world:
        yield world


@pytest.fixture
async def client(world: World) -> AsyncIterator[HttpClient]:
    async with world.http() as client:
        yield client


async def test_from_the_mail_to_membership(world: World, client: HttpClient) -> None:
    olga, ada = await a_person(world, "olga"), await a_person(world, "ada")
    slug = await an_organization(world, olga)
    office, guest = await desk_of(world, client, olga), await desk_of(world, client, ada)

    made = await office.invite(slug, ada.email, role="owner", message="Hi", metadata={"a": [1, None]})
    assert made.status_code == 201
    shown = made.json()
    assert made.headers["location"] == f"/api/invitations/{shown['id']}/"
    assert made.headers["etag"] == '"1"'
    assert shown | {"id": "", "expires_at": "", "created_at": "", "updated_at": ""} == {
        "id": "",
        "organization": slug,
        "email": ada.email,
        "role": "owner",
        "message": "Hi",
        "metadata": {"a": [1, None]},
        "status": "pending",
        "invited_by": str(olga.id),
        "accepted_by": None,
        "expires_at": "",
        "created_at": "",
        "updated_at": "",
        "created_by": str(olga.id),
        "version": 1,
    }
    assert (await office.send("GET", f"{shown['id']}/")).json() == shown
    accepted = await guest.send("POST", f"{shown['id']}/accept/", {"token": await office.mailed_token()})
    assert (accepted.status_code, accepted.json()["status"]) == (200, "accepted")
    assert (accepted.headers["etag"], accepted.json()["accepted_by"]) == ('"2"', str(ada.id))
    assert (await guest.invite(slug)).status_code == 201


async def test_a_newcomer_needs_nothing_but_the_mail(world: World, client: HttpClient) -> None:
    olga = await a_person(world, "olga")
    office = await desk_of(world, client, olga)
    made = (await office.invite(await an_organization(world, olga))).json()
    body = {"token": await office.mailed_token(), "username": "newcomer", "password": PASSWORD}
    accepted = await client.post(f"{PATH}{made['id']}/accept/", json=body)
    assert (accepted.status_code, accepted.json()["status"]) == (200, "accepted")
    assert "access" not in accepted.json()
    assert await token(client, HOST, "newcomer")


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ({"token": "x"}, 401, None),
        ({"token": "x", "username": "ada"}, 400, {"password"}),
        ({"token": "x", "password": PASSWORD}, 400, {"username"}),
        ({"token": "", "user": 1}, 400, {"token", "user"}),
    ],
)
async def test_what_accepting_takes(
    world: World, client: HttpClient, body: dict[str, Any], status: int, fields: set[str] | None
) -> None:
    olga = await a_person(world, "olga")
    office = await desk_of(world, client, olga)
    made = (await office.invite(await an_organization(world, olga))).json()
    answer = await client.post(f"{PATH}{made['id']}/accept/", json=body)
    assert answer.status_code == status
    assert fields is None or set(answer.json()["details"]) == fields


async def test_an_unknown_invitation_and_a_wrong_token_are_the_same(world: World, client: HttpClient) -> None:
    olga = await a_person(world, "olga")
    office = await desk_of(world, client, olga)
    made = (await office.invite(await an_organization(world, olga))).json()
    unknown = "01a20722-5659-704c-b35f-e8e56e7ab0c5"
    account = {"username": "ada", "password": PASSWORD}
    for path, body in (("accept", account), ("decline", {})):
        for headers in ({}, office.headers):
            answers = [
                await client.post(f"{PATH}{key}/{path}/", json=body | {"token": "wrong"}, headers=headers)
                for key in (made["id"], unknown)
            ]
            assert [one.status_code for one in answers] == [404, 404]
            assert answers[0].json() == answers[1].json()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"email": "nobody"}, {"email"}),
        ({"role": "admin", "plan": "free"}, {"role", "plan"}),
        ({"metadata": {"x": "y" * 4096}, "message": "\x00"}, {"metadata", "message"}),
        ({"metadata": []}, {"metadata"}),
        ({"organization": "nothing-of-this-name"}, {"organization"}),
    ],
)
async def test_every_wrong_field_is_told(
    world: World, client: HttpClient, fields: dict[str, Any], wrong: set[str]
) -> None:
    olga = await a_person(world, "olga")
    office = await desk_of(world, client, olga)
    slug = await an_organization(world, olga)
    answer = await office.send("POST", body={"organization": slug, "email": NEWCOMER} | fields)
    assert (answer.status_code, set(answer.json()["details"])) == (400, wrong)


async def test_if_match_is_honoured(world: World, client: HttpClient) -> None:
    olga = await a_person(world, "olga")
    office = await desk_of(world, client, olga)
    made = (await office.invite(await an_organization(world, olga))).json()
    for method, path in (("DELETE", ""), ("POST", "resend/")):
        stale = await office.send(method, f"{made['id']}/{path}", **{"If-Match": '"9"'})
        assert stale.status_code == 412
    world.clock.advance(minutes=14)
    assert (await office.send("POST", f"{made['id']}/resend/")).json()["code"] == "invitation_sent_lately"
    world.clock.advance(minutes=1)
    office = await desk_of(world, client, olga)
    assert (await office.send("POST", f"{made['id']}/resend/", **{"If-Match": '"1"'})).headers["etag"] == '"2"'
    assert (await office.send("DELETE", f"{made['id']}/", **{"If-Match": '"2"'})).status_code == 204
    assert (await office.send("GET", f"{made['id']}/")).json()["status"] == "revoked"


async def test_strangers_and_plain_members_find_nothing(world: World, client: HttpClient) -> None:
    olga, eve, plain = [await a_person(world, name) for name in ("olga", "eve", "plain")]
    slug = await an_organization(world, olga)
    await join(world, slug, plain)
    made = (await (await desk_of(world, client, olga)).invite(slug)).json()
    for user, status in ((eve, 400), (plain, 403)):
        desk = await desk_of(world, client, user)
        assert (await desk.invite(slug, "x@example.org")).status_code == status
        assert (await desk.send("GET")).json()["count"] == 0
        for method, path in (("GET", ""), ("DELETE", ""), ("POST", "resend/")):
            assert (await desk.send(method, f"{made['id']}/{path}")).status_code == 404


async def test_inviting_tells_nothing_of_accounts(world: World, client: HttpClient) -> None:
    olga, ada = await a_person(world, "olga"), await a_person(world, "ada")
    office = await desk_of(world, client, olga)
    slug = await an_organization(world, olga)
    answers = [await office.invite(slug, email) for email in (ada.email, NEWCOMER)]
    differing = {"id", "email", "created_at", "updated_at", "expires_at"}
    first, second = [{k: v for k, v in one.json().items() if k not in differing} for one in answers]
    assert first == second


async def test_a_sites_host_has_no_invitations(world: World, client: HttpClient) -> None:
    await world.admin(await world.site())
    headers = await token(client, world.host())
    for method, path in (("GET", ""), ("POST", "01a20722-5659-704c-b35f-e8e56e7ab0c5/decline/")):
        answer = await client.request(
            method, f"{world.host()}/api/invitations/{path}", headers=headers, json={"token": "x"}
        )
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_the_list_filters_and_pages(world: World, client: HttpClient) -> None:
    olga = await a_person(world, "olga")
    office = await desk_of(world, client, olga)
    slugs = [await an_organization(world, olga, name) for name in ("One", "Two")]
    for slug in slugs:
        for name in "ab":
            await office.invite(slug, f"{name}@example.org")
    found = (await office.send("GET", f"?organization={slugs[0]}&ordering=email&page_size=1")).json()
    assert (found["count"], [one["email"] for one in found["results"]]) == (2, ["a@example.org"])
    assert found["next"].startswith(f"{PATH}?organization=")
    world.clock.advance(days=7)
    headers = await token(client, HOST, olga.username)
    expired = await client.get(f"{PATH}?status=expired&search=b%40", headers=headers)
    assert [one["status"] for one in expired.json()["results"]] == ["expired", "expired"]
    wrong = await client.get(f"{PATH}?status=gone&colour=red", headers=headers)
    assert set(wrong.json()["details"]) == {"status", "colour"}
