"""Histories over HTTP: who, when, what; as it was; back again."""

from typing import Any
from urllib.parse import quote

from tests.http.staff import PLATFORM_BASE, PROJECTS, Person, sign_in
from tests.world import HttpClient, World


async def ada_with_a_project(world: World, client: HttpClient) -> tuple[Person, str]:
    await world.admin(await world.site(), "ada")
    ada = await sign_in(client, world.host(), "ada")
    return ada, f"{PROJECTS}{(await ada.made(PROJECTS, name='Moon'))['id']}/"


def at(time: str) -> str:
    return f"?as_of={quote(time)}"


async def test_a_project_goes_to_mars_and_back(world: World) -> None:
    async with world.http() as client:
        ada, moon = await ada_with_a_project(world, client)
        me = (await ada.me())["id"]
        shown = (await ada("GET", moon)).json()
        await ada("PATCH", moon, json={"name": "Mars"}, headers={"X-Request-ID": "request-to-mars"})
        count, (renamed, made) = await ada.listed(f"{moon}history/")
        one = await ada("GET", f"{moon}history/{renamed['id']}/")
        then = await ada("GET", moon + at(made["at"]))
        back = await ada("POST", f"{moon}history/{made['id']}/revert/", headers={"If-Match": '"2"'})
        now = await ada("GET", moon)

    assert count == 2
    assert one.json() == renamed
    assert renamed["actor"] == {"id": me, "label": "ada"}
    assert (renamed["request_id"], renamed["impersonator"], renamed["operation"]) == ("request-to-mars", None, "update")
    assert renamed["changes"]["name"] == ["Moon", "Mars"]
    assert renamed["changes"]["updated_at"][0] == shown["updated_at"]
    assert then.json() == {name: value for name, value in shown.items() if name != "task_count"}
    assert "etag" not in then.headers
    assert (back.status_code, back.headers["etag"]) == (200, '"3"')
    assert back.json()["changes"]["name"] == ["Mars", "Moon"]
    assert now.headers["etag"] == '"3"'
    assert now.json() == shown | {"version": 3, "updated_at": now.json()["updated_at"]}


async def test_what_was_deleted_is_shown_as_it_was_and_comes_back(world: World) -> None:
    async with world.http() as client:
        ada, moon = await ada_with_a_project(world, client)
        shown = (await ada("GET", moon)).json()
        await ada("DELETE", moon)
        _, (gone, made) = await ada.listed(f"{moon}history/")
        statuses = [(await ada("GET", moon + query)).status_code for query in ("", at(gone["at"]))]
        then = await ada("GET", moon + at(made["at"]))
        back = await ada("POST", f"{moon}history/{gone['id']}/revert/")
        now = (await ada("GET", moon)).json()

    assert statuses == [404, 404]
    assert then.json() == {name: value for name, value in shown.items() if name != "task_count"}
    assert (back.json()["operation"], back.headers["etag"]) == ("insert", '"2"')
    assert now == shown | {"version": 2, "updated_at": now["updated_at"]}


async def test_filters_and_mistakes_are_named(world: World) -> None:
    async with world.http() as client:
        ada, moon = await ada_with_a_project(world, client)
        await ada("PATCH", moon, json={"name": "Mars"})
        me = (await ada.me())["id"]
        _, (renamed, made) = await ada.listed(f"{moon}history/")
        found = {
            query: [one["id"] for one in (await ada("GET", f"{moon}history/?{query}")).json()["results"]]
            for query in (
                f"actor={me}",
                "operation=insert",
                "field=name&page_size=1",
                f"at__gte={quote(renamed['at'])}",
                f"at__lte={quote(made['at'])}",
            )
        }
        wrong = {
            query: (await ada("GET", f"{moon}{query}")).json()
            for query in (
                "history/?field=owner_id",
                "history/?actor=ada&operation=drop&colour=red",
                "history/?field=%00",
                "history/?at__gte=yesterday",
                "?as_of=yesterday",
                "?as_of=2026-01-01T00:00:00",
                "?as_of=9999-12-31T23:59:59-23:00",
                "?as_of=2999-01-01T00:00:00Z",
                "?colour=red",
            )
        }
        beyond = [await ada("GET", f"{moon}history/{number}/") for number in (10**30, -(10**30))]
        beyond += [await ada("POST", f"{moon}history/{number}/revert/") for number in (10**30, -(10**30))]
        long_ago = await ada("GET", f"{moon}?as_of=0001-01-01T00:00:00Z")

    assert list(found.values()) == [
        [renamed["id"], made["id"]],
        [made["id"]],
        [renamed["id"]],
        [renamed["id"]],
        [made["id"]],
    ]
    assert [sorted(body["details"]) for body in wrong.values()] == [
        ["field"],
        ["actor", "colour", "operation"],
        ["field"],
        ["at__gte"],
        ["as_of"],
        ["as_of"],
        ["as_of"],
        ["as_of"],
        ["colour"],
    ]
    assert {(one.status_code, one.json()["code"]) for one in beyond} == {(404, "history_entry_not_found")}
    assert (long_ago.status_code, long_ago.json()["code"]) == (404, "not_there_then")


async def test_an_impersonator_is_told_beside_the_user(world: World) -> None:
    async with world.http() as client:
        ada, moon = await ada_with_a_project(world, client)
        root = await world.admin()
        at_platform = await sign_in(client, PLATFORM_BASE, root.username)
        token = at_platform.headers["Authorization"].removeprefix("Bearer ")
        entered = await client.post(f"{world.host()}/api/auth/jwt/exchange/", json={"token": token})
        masked = Person(client, world.host(), {"Authorization": f"Bearer {entered.json()['access']}"})
        await masked("PATCH", moon, json={"name": "Mars"})
        _, (renamed, _) = await ada.listed(f"{moon}history/")

    assert renamed["impersonator"] == str(root.id)
    assert renamed["actor"]["id"] not in (None, str(root.id))


async def test_every_resource_of_both_kinds_of_host_tells_its_history(world: World) -> None:
    async with world.http() as client:
        ada, _ = await ada_with_a_project(world, client)
        root = await sign_in(client, PLATFORM_BASE, (await world.admin()).username)
        group = await ada.made("/api/groups/", name="Staff", permissions=["projects.view"])
        org = await root.made("/api/organizations/", name=f"Org {world.suffix}")
        me = (await root.me())["id"]
        domain = f"{world.suffix}.example.org"
        site = world.slug()
        await root.made(f"/api/sites/{site}/domains/", domain=domain)
        address = f"{world.suffix}@example.net"
        invited = await root.made("/api/invitations/", organization=org["slug"], email=address, role="member")
        await client.settle()
        paths = [
            (ada, f"/api/groups/{group['id']}/", "name", "Staff"),
            (ada, f"/api/users/{(await ada.me())['id']}/", "username", "ada"),
            (root, f"/api/users/{me}/", "is_admin", True),
            (root, f"/api/organizations/{org['slug']}/", "name", org["name"]),
            (root, f"/api/organizations/{org['slug']}/members/{me}/", "role", "owner"),
            (root, f"/api/sites/{site}/", "slug", site),
            (root, f"/api/sites/{site}/domains/{domain.upper()}/", "domain", domain),
            (root, f"/api/invitations/{invited['id']}/", "email", address),
        ]
        seen: dict[str, Any] = {}
        for who, path, field, value in paths:
            shown = (await who("GET", path)).json()
            _, entries = await who.listed(f"{path}history/")
            made = entries[-1]
            assert made["operation"] == "insert", path
            assert made["changes"][field] == [None, value], path
            past = (await who("GET", path + at(entries[0]["at"]))).json()
            assert past.items() <= shown.items(), path
            assert past[field] == value
            seen[path] = {"password", "token", "password_hash", "token_hash"} & made["changes"].keys()
        foreign = await client.get(f"{PLATFORM_BASE}/api/groups/{group['id']}/history/", headers=root.headers)

    assert set(map(frozenset, seen.values())) == {frozenset()}
    assert foreign.status_code == 404
