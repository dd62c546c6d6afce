"""The people of the table, and what they act on."""

from typing import Any, Final

from domain.tenancy.membership import MemberRole
from domain.tenancy.scope import SiteScope
from tests.http.accounts import bearer
from tests.http.entrance import Entrance
from tests.http.sound_bodies import sound_body
from tests.mail.links import token_in
from tests.world import PASSWORD, PLATFORM, HttpClient, World, token

BASE: Final = "http://localhost"
Headers = dict[str, str]


class Stage:
    """The people of the table, and new things for them to act on."""

    def __init__(self, world: World, client: HttpClient) -> None:
        self.world = world
        self.client = client
        self.made = 0
        self.entrance = Entrance(world, client)
        self.platform_admin: Headers = {}
        self.site_admin: Headers = {}

    async def set_up(self) -> None:
        world = self.world
        self.scope = await world.site()
        self.admin = await world.admin(self.scope)
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
                admin = await self.world.admin(username=self.new("admin"))
                return await token(self.client, BASE, admin.username)
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
        await self.client.settle()
        token_mailed = token_in(self.world.mails.sent[-1])
        user = await self.world.user(PLATFORM, f"{self.new('u')}-{self.world.suffix}")
        return {
            "session": await self.session_of(BASE, user.username),
            "token": token_mailed,
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
            case "member":
                return await self.entered(MemberRole.MEMBER, self.scope)
            case "org owner":
                return await self.entered(MemberRole.OWNER)
            case "acting":
                pair = await self.entrance.enter("admin", user=self.admin.id)
                return bearer(pair["access"])
        site = "other" if who == "other site" else "acme"
        return await token(self.client, self.world.host(site), await self.user_of_site(who, things))

    async def user_of_site(self, who: str, things: dict[str, str]) -> str:
        match who:
            case "other site":
                return "other"
            case "admin":
                return (await self.world.admin(self.scope, self.new("admin"))).username
            case "owner" | "viewer":
                return things[who]
        name = await self.a_site_user()
        if who == "group":
            allowed = ["projects.view", "users.view"]
            group = await self.site("POST", "/api/groups/", name=self.new("g"), permissions=allowed)
            await self.site("POST", f"/api/groups/{group['id']}/members/", user=await self.id_of(name))
        return name

    async def entered(self, role: MemberRole, *sites: SiteScope) -> Headers:
        """A new member of the organization, in the site."""
        name = self.new("visitor")
        await self.entrance.person(name, role, *sites)
        return bearer((await self.entrance.enter(name))["access"])

    async def session_of(self, base: str, username: str) -> str:
        """A session of somebody else than who asks."""
        headers = await token(self.client, base, username)
        answer = await self.client.get(f"{base}/api/auth/sessions/", headers=headers)
        return str(answer.json()["results"][0]["id"])

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
        user_id = await self.id_of(user)
        member = await self.id_of(await self.a_site_user())
        await self.site("POST", f"/api/groups/{group['id']}/members/", user=member)
        return {
            "session": await self.session_of(self.world.host(), user),
            "member": member,
            "owner": owner,
            "owner_id": project["owner"],
            "viewer": viewer,
            "viewer_id": shared["user"],
            "user": user_id,
            "project": project["id"],
            "grant": grant["id"],
            "group": group["id"],
        }

    async def ask(self, base: str, operation: str, things: dict[str, str], headers: Headers) -> int:
        method, _, template = operation.removesuffix(" plan").partition(" ")
        body = sound_body(operation, things, name := self.new("x"), self.world.slug(name))
        answer = await self.client.request(method, base + template.format(**things), headers=headers, json=body)
        return answer.status_code
