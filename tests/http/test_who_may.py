"""Every cell of the table in `who_may`, against the real application."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest

from domain.tenancy.membership import MemberRole
from tests.http.who_may import IN_SITE, ON_PLATFORM, PLATFORM_TABLE, SITE_TABLE, rendered, rows
from tests.world import PASSWORD, PLATFORM, HttpClient, World, memory_world, token

BASE: Final = "http://localhost"
DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "authorization.md"
Headers = dict[str, str]


class Stage:
    """The people of the table, and new things for them to act on."""

    def __init__(self, world: World, client: HttpClient) -> None:
        self.world = world
        self.client = client
        self.made = 0
        self.platform_admin: Headers = {}
        self.site_admin: Headers = {}

    async def set_up(self) -> None:
        world = self.world
        await world.admin(await world.site())
        await world.admin(await world.site("other"), "other")
        await world.admin()
        self.platform_admin = await token(self.client, BASE, f"admin-{world.suffix}")
        self.site_admin = await token(self.client, world.host())

    def new(self, kind: str) -> str:
        self.made += 1
        return f"{kind}{self.made}"

    async def platform(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        return await self._sent(method, BASE + path, self.platform_admin, body)

    async def site(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        return await self._sent(method, self.world.host() + path, self.site_admin, body)

    async def _sent(self, method: str, url: str, headers: Headers, body: dict[str, Any]) -> dict[str, Any]:
        answer = await self.client.request(method, url, headers=headers, json=body)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def on_platform(self, who: str) -> Headers:
        """The headers of one of them."""
        match who:
            case "nobody":
                return {}
            case "admin":
                return self.platform_admin
            case "member" | "owner":
                person = await self.world.member(MemberRole(who), self.new(who))
                return await token(self.client, BASE, person.label)
        user = await self.world.user(PLATFORM, f"{self.new('user')}-{self.world.suffix}")
        headers = await token(self.client, BASE, user.username)
        if who == "other owner":
            await self._sent("POST", f"{BASE}/api/organizations/", headers, {"name": "Another"})
        return headers

    async def platform_things(self) -> dict[str, str]:
        member = await self.world.member(MemberRole.MEMBER, self.new("m"))
        slug = self.world.slug(self.new("site"))
        await self.platform("POST", "/api/sites/", organization=self.world.organization, name="A", slug=slug)
        domain = f"{self.new('www')}.example.org"
        await self.platform("POST", f"/api/sites/{slug}/domains/", domain=domain)
        invited = {"organization": self.world.organization, "email": f"{self.new('i')}@example.org", "role": "member"}
        invitation = await self.platform("POST", "/api/invitations/", **invited)
        user = await self.world.user(PLATFORM, f"{self.new('u')}-{self.world.suffix}")
        return {
            "org": self.world.organization,
            "member": str(member.user_id),
            "site": slug,
            "domain": domain,
            "invitation": invitation["id"],
            "user": str(user.id),
        }

    async def in_site(self, who: str, things: dict[str, str]) -> Headers:
        match who:
            case "nobody":
                return {}
            case "admin":
                return self.site_admin
            case "other site":
                return await token(self.client, self.world.host("other"), "other")
        name = {"owner": things["owner"], "viewer": things["viewer"]}.get(who) or await self.a_site_user()
        headers = await token(self.client, self.world.host(), name)
        if who == "group":
            me = await self._sent("GET", f"{self.world.host()}/api/users/me/", headers, {})
            group = await self.site(
                "POST", "/api/groups/", name=self.new("g"), permissions=["projects.view", "users.view"]
            )
            await self.site("POST", f"/api/groups/{group['id']}/members/", user=me["id"])
        return headers

    async def a_site_user(self) -> str:
        name = self.new("person")
        await self.site("POST", "/api/users/", username=name, email=f"{name}@example.org", password=PASSWORD)
        return name

    async def id_of(self, username: str) -> str:
        return str((await self.site("GET", f"/api/users/?search={username}"))["results"][0]["id"])

    async def site_things(self) -> dict[str, str]:
        owner, viewer, user = [await self.a_site_user() for _ in range(3)]
        project = await self.site("POST", "/api/projects/", name="Moon", owner=await self.id_of(owner))
        shared = {"user": await self.id_of(viewer), "permissions": ["view"]}
        grant = await self.site("POST", f"/api/projects/{project['id']}/grants/", **shared)
        group = await self.site("POST", "/api/groups/", name=self.new("g"), permissions=["projects.view"])
        return {
            "owner": owner,
            "viewer": viewer,
            "viewer_id": shared["user"],
            "user": await self.id_of(user),
            "project": project["id"],
            "grant": grant["id"],
            "group": group["id"],
        }

    def body(self, operation: str, things: dict[str, str]) -> dict[str, Any] | None:
        """A sound one, for operations that take one."""
        name = self.new("x")
        slug, email = self.world.slug(name), f"{name}@example.org"
        organization = {"organization": things.get("org", "")}
        bodies: dict[str, dict[str, Any]] = {
            "POST /api/organizations/": {"name": "A"},
            "PATCH /api/organizations/{org}/": {"description": "A"},
            "PATCH /api/organizations/{org}/ plan": {"plan": "enterprise"},
            "POST /api/organizations/{org}/members/": {"user_id": things.get("user"), "role": "member"},
            "PATCH /api/organizations/{org}/members/{member}/": {"title": "A"},
            "POST /api/organizations/{org}/sites/": {"name": "A", "slug": slug},
            "POST /api/invitations/": organization | {"email": email, "role": "member"},
            "POST /api/sites/": organization | {"name": "A", "slug": slug},
            "PATCH /api/sites/{site}/": {"description": "A"},
            "POST /api/sites/{site}/rename/": {"slug": slug},
            "POST /api/sites/{site}/domains/": {"domain": f"{name}.example.org"},
            "POST /api/users/": {"username": name, "email": email, "password": PASSWORD},
            "PATCH /api/users/{user}/": {"first_name": "A"},
            "POST /api/projects/": {"name": "Moon"},
            "PATCH /api/projects/{project}/": {"name": "Mars"},
            "POST /api/projects/{project}/grants/": {"user": things.get("viewer_id"), "permissions": ["view"]},
            "POST /api/groups/": {"name": name, "permissions": ["projects.view"]},
            "PATCH /api/groups/{group}/": {"name": name},
            "POST /api/groups/{group}/members/": {"user": things.get("user")},
        }
        return bodies.get(operation)

    async def ask(self, base: str, operation: str, things: dict[str, str], headers: Headers) -> int:
        method, _, template = operation.removesuffix(" plan").partition(" ")
        body = self.body(operation, things)
        answer = await self.client.request(method, base + template.format(**things), headers=headers, json=body)
        return answer.status_code


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with memory_world() as world, world.http() as client:
        stage = Stage(world, client)
        await stage.set_up()
        yield stage


@pytest.mark.parametrize(
    ("operation", "statuses"),
    rows(PLATFORM_TABLE, ON_PLATFORM),
    ids=[name for name, _ in rows(PLATFORM_TABLE, ON_PLATFORM)],
)
async def test_on_the_platforms_host(stage: Stage, operation: str, statuses: dict[str, int]) -> None:
    seen = {}
    for who in statuses:
        things, headers = await stage.platform_things(), await stage.on_platform(who)
        seen[who] = await stage.ask(BASE, operation, things, headers)
    assert seen == statuses


@pytest.mark.parametrize(
    ("operation", "statuses"), rows(SITE_TABLE, IN_SITE), ids=[name for name, _ in rows(SITE_TABLE, IN_SITE)]
)
async def test_on_a_sites_host(stage: Stage, operation: str, statuses: dict[str, int]) -> None:
    seen = {}
    for who in statuses:
        things = await stage.site_things()
        seen[who] = await stage.ask(stage.world.host(), operation, things, await stage.in_site(who, things))
    assert seen == statuses


def test_the_document_is_made_from_the_table() -> None:
    assert DOCUMENT.read_text(encoding="utf-8").strip() == rendered().strip()
