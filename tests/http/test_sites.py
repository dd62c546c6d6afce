"""Sites on the platform's host, as owners, members, strangers and the platform's admins meet them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from domain.tenancy.membership import MemberRole
from tests.world import PLATFORM, HttpClient, World, token

BASE = "http://localhost"
SITES = "/api/sites/"
WHOLE = {"name": "Acme", "description": "", "role": "testing", "settings": {}, "is_primary": True}


@dataclass
class Platform:
    """Sites over the REST API; `headers` are those of whoever asks."""

    world: World
    client: HttpClient
    headers: dict[str, dict[str, str]]

    async def __call__(self, who: str, method: str, path: str, **more: Any) -> Any:
        headers = self.headers[who] | more.pop("headers", {})
        return await self.client.request(method, BASE + path, headers=headers, **more)

    async def creates(self, name: str = "acme", **fields: Any) -> dict[str, Any]:
        body = {"organization": self.world.organization, "name": name, "slug": self.world.slug(name)} | fields
        answer = await self("owner", "POST", SITES, json=body)
        assert answer.status_code == 201, answer.text
        site: dict[str, Any] = answer.json()
        return site

    def path(self, name: str = "acme") -> str:
        return f"{SITES}{self.world.slug(name)}/"

    @property
    def organizations_sites(self) -> str:
        return f"/api/organizations/{self.world.organization}/sites/"


@pytest.fixture
async def platform(world: World) -> AsyncIterator[Platform]:
    admin = await world.admin()
    names = {"admin": admin.username}
    for role in MemberRole:
        names[role.value] = (await world.member(role)).label
    names["stranger"] = (await world.user(PLATFORM, f"stranger-{world.suffix}")).username
    async with world.http() as client:
        headers = {who: await token(client, BASE, name) for who, name in names.items()}
        yield Platform(world, client, headers)


async def test_a_new_site_has_all_its_fields(platform: Platform) -> None:
    site = await platform.creates(description="Ours", role="staging", settings={"theme": "dark"})

    assert site["organization"] == platform.world.organization
    assert site["schema_name"] == platform.world.slug().replace("-", "_")
    assert site["url"] == f"{platform.world.host()}/"
    assert (site["is_primary"], site["settings"], site["primary_domain"]) == (True, {"theme": "dark"}, None)
    shown = await platform("member", "GET", platform.path())
    assert shown.json() == site
    assert shown.headers["etag"] == f'"{site["version"]}"'


async def test_an_organizations_sites_are_made_and_listed_at_its_own_address(platform: Platform) -> None:
    body = {"name": "Acme", "slug": platform.world.slug()}
    made = await platform("owner", "POST", platform.organizations_sites, json=body)
    listed = await platform("member", "GET", platform.organizations_sites)
    elsewhere = await platform("owner", "POST", platform.organizations_sites, json=body | {"organization": "x"})

    assert (made.status_code, made.headers["location"]) == (201, platform.path())
    assert (listed.json()["count"], listed.json()["results"]) == (1, [made.json()])
    assert elsewhere.json()["details"].keys() == {"organization"}


async def test_a_stranger_is_told_nothing(platform: Platform) -> None:
    await platform.creates()
    paths = [platform.path(), platform.path("absent")]
    requests: list[tuple[str, str, Any]] = [
        ("GET", "", None),
        ("GET", "usage/", None),
        ("PATCH", "", {"name": "Mine"}),
        ("PUT", "", WHOLE),
        ("DELETE", "?confirm=SLUG", None),
        ("POST", "suspend/", None),
        ("POST", "resume/", None),
        ("POST", "rename/", {"slug": "mine"}),
    ]
    for method, rest, body in requests:
        answers = []
        for path in paths:
            slug = path.split("/")[-2]
            target = path + rest.replace("SLUG", slug)
            answer = await platform("stranger", method, target, json=body, headers={"If-Match": '"99"'})
            answers.append((answer.status_code, answer.text.replace(slug, "SLUG")))
        assert answers[0] == answers[1], f"{method} {rest}"
        assert answers[0][0] == 404

    listed = await platform("stranger", "GET", f"{SITES}?search={platform.world.suffix}")
    assert listed.json() == {"count": 0, "next": None, "previous": None, "results": []}
    assert (await platform("stranger", "GET", f"{SITES}?organization={platform.world.organization}")).json()[
        "count"
    ] == 0


async def test_a_stranger_neither_lists_nor_makes_sites_of_an_organization(platform: Platform) -> None:
    body = {"name": "Mine", "slug": platform.world.slug("mine")}
    for method in ("GET", "POST"):
        sent = body if method == "POST" else None
        theirs = await platform("stranger", method, platform.organizations_sites, json=sent)
        absent = await platform("stranger", method, "/api/organizations/nobodys/sites/", json=sent)
        assert (theirs.status_code, theirs.json()["code"]) == (404, "organization_not_found")
        assert absent.text == theirs.text.replace(platform.world.organization, "nobodys")

    claimed = await platform("stranger", "POST", SITES, json=body | {"organization": platform.world.organization})
    absent = await platform("stranger", "POST", SITES, json=body | {"organization": "nobodys"})
    assert claimed.status_code == 400
    assert absent.text == claimed.text.replace(platform.world.organization, "nobodys")


async def test_a_member_reads_only(platform: Platform) -> None:
    await platform.creates()
    path = platform.path()
    statuses = [
        (await platform("member", "GET", path)).status_code,
        (await platform("member", "GET", f"{path}usage/")).status_code,
        (await platform("member", "PATCH", path, json={"name": "Mine"})).status_code,
        (await platform("member", "POST", f"{path}suspend/")).status_code,
        (await platform("member", "POST", f"{path}rename/", json={"slug": "mine"})).status_code,
        (await platform("member", "DELETE", f"{path}?confirm={platform.world.slug()}")).status_code,
        (await platform("member", "POST", platform.organizations_sites, json={"name": "x", "slug": "xy"})).status_code,
    ]

    assert statuses == [200, 200, 403, 403, 403, 403, 403]


@pytest.mark.parametrize("who", ["owner", "admin"])
async def test_an_owner_and_the_platforms_admin_do_everything(platform: Platform, who: str) -> None:
    await platform.creates()
    path, renamed = platform.path(), platform.path("renamed")
    answers = [
        await platform(who, "PATCH", path, json={"name": "Another"}),
        await platform(who, "POST", f"{path}suspend/"),
        await platform(who, "GET", f"{path}usage/"),
        await platform(who, "POST", f"{path}resume/"),
        await platform(who, "POST", f"{path}rename/", json={"slug": platform.world.slug("renamed")}),
        await platform(who, "DELETE", f"{renamed}?confirm={platform.world.slug('renamed')}"),
        await platform(who, "GET", renamed),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 200, 204, 404]


async def test_changes_some_fields_and_leaves_the_rest(platform: Platform) -> None:
    site = await platform.creates(description="Ours", settings={"a": 1})
    seen = {"If-Match": f'"{site["version"]}"'}

    answer = await platform("owner", "PATCH", platform.path(), json={"role": "testing"}, headers=seen)
    stale = await platform("owner", "PATCH", platform.path(), json={"role": "staging"}, headers=seen)
    null = await platform("owner", "PATCH", platform.path(), json={"description": None, "slug": "x"})

    changed = answer.json()
    assert answer.headers["etag"] == f'"{site["version"] + 1}"'
    assert {key for key in site if site[key] != changed[key]} == {"role", "updated_at", "version"}
    assert stale.status_code == 412
    assert null.json()["details"].keys() == {"description", "slug"}


async def test_writes_all_fields(platform: Platform) -> None:
    await platform.creates(description="Ours", settings={"a": 1})

    partial = await platform("owner", "PUT", platform.path(), json={"name": "Acme"})
    whole = await platform("owner", "PUT", platform.path(), json=WHOLE)

    assert partial.json()["details"].keys() == WHOLE.keys() - {"name"}
    assert {key: whole.json()[key] for key in WHOLE} == WHOLE


async def test_the_primary_site_stays_it_until_another_one_is_chosen(platform: Platform) -> None:
    await platform.creates("first")
    await platform.creates("second")

    refused = await platform("owner", "PATCH", platform.path("first"), json={"is_primary": False})
    chosen = await platform("owner", "PATCH", platform.path("second"), json={"is_primary": True})
    sites = (await platform("owner", "GET", platform.organizations_sites)).json()["results"]

    assert (refused.status_code, refused.json()["code"]) == (422, "primary_site")
    assert chosen.status_code == 200
    assert [(site["name"], site["is_primary"]) for site in sites] == [("first", False), ("second", True)]


@pytest.mark.parametrize("settings", [{"a": "x" * 20_000}, {"a": "\0"}, {"a": 1e300}, [], "x", None])
async def test_refuses_settings_that_cannot_be_kept(platform: Platform, settings: Any) -> None:
    await platform.creates()

    answer = await platform("owner", "PATCH", platform.path(), json={"settings": settings})

    assert answer.status_code == 400
    assert answer.json()["details"].keys() == {"settings"}


async def test_names_everything_that_is_wrong_with_a_new_site_at_once(platform: Platform) -> None:
    body = {"organization": "nobodys", "name": " ", "slug": "api", "description": "\1", "settings": {"a": 1e300}}

    answer = await platform("owner", "POST", SITES, json=body)

    assert answer.status_code == 400
    assert answer.json()["details"].keys() == body.keys()


async def test_keeps_settings_as_they_are(platform: Platform) -> None:
    settings = {"b": [1, 2.5, None, True, {"ä": "€"}], "a": {"": "x" * 10_000}}

    site = await platform.creates(settings=settings)

    assert site["settings"] == settings
    assert (await platform("owner", "GET", platform.path())).json()["settings"] == settings


async def test_usage_has_what_there_is_and_no_more(platform: Platform) -> None:
    await platform.creates()

    used = (await platform("member", "GET", f"{platform.path()}usage/")).json()

    assert used.keys() == {"rows", "files", "bytes", "max_storage_bytes", "by_day"}
    assert used["rows"] == {"users": 0, "projects": 0, "tasks": 0, "groups": 0}
    assert used["files"] == {"count": 0, "bytes": 0}
    assert used["by_day"] == []


async def test_names_every_wrong_parameter_at_once(platform: Platform) -> None:
    query = "?page=0&status=lost&role=boss&ordering=colour&colour=red&created_at__gte=soon"
    everywhere = await platform("owner", "GET", SITES + query)
    here = await platform("owner", "GET", f"{platform.organizations_sites}{query}&organization=acme")

    wrong = {"page", "status", "role", "ordering", "colour", "created_at__gte"}
    assert everywhere.json()["details"].keys() == wrong
    assert here.json()["details"].keys() == wrong | {"organization"}


async def test_there_are_no_sites_on_a_sites_host(platform: Platform) -> None:
    await platform.creates()
    for path in (SITES, platform.path(), platform.organizations_sites):
        answer = await platform.client.get(platform.world.host() + path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
