from typing import Any, Final

import httpx

from tests.http.driven_backups import DrivenBackups
from tests.http.driven_files import DrivenFiles
from tests.http.driven_jobs import SCHEDULES, DrivenJobs
from tests.http.driven_mail import INVITATIONS, DrivenMail
from tests.http.driven_organizations import DrivenOrganizations
from tests.http.driven_sites import SITES, site_bodies
from tests.http.driven_tasks import DrivenTasks
from tests.http.entrance import Entrance
from tests.http.test_openapi import OPERATIONS, Json
from tests.world import PASSWORD, HttpClient, World, token

PLATFORM_BASE: Final = "http://localhost"
NOBODY: Final = "00000000-0000-7000-8000-000000000000"
DOMAINS: Final = "/api/sites/{slug}/domains"
DOMAIN_CHECK: Final = "/api/domains/check"
PROJECTS: Final = "/api/projects"
USERS: Final = "/api/users"
GROUPS: Final = "/api/groups"
PROFILE: Final = "/api/profile"
ORGANIZATIONS: Final = "/api/organizations"
LOG_IN: Final = "POST /api/auth/jwt/token"
PASSWORD_CHANGE: Final = "POST /api/profile/change-password"
IN_PERSON: Final = (PASSWORD_CHANGE, "DELETE /api/auth/sessions", "DELETE /api/auth/sessions/{session_id}")
EXCHANGE: Final = "POST /api/auth/jwt/exchange"
TAKES_A_TOKEN: Final = {"refresh": "refresh", "blacklist": "refresh", "verify": "token"}

ON_PLATFORM: Final = (SITES, ORGANIZATIONS, DOMAIN_CHECK, INVITATIONS, SCHEDULES)


class Driver:
    """Sends the requests of every operation, and notes what came back."""

    def __init__(self, world: World, client: HttpClient, seen: dict[str, set[int]]) -> None:
        self._world = world
        self._client = client
        self._seen = seen
        self._made = 0
        self.organizations = DrivenOrganizations(world, client)
        self.mail = DrivenMail(world, client)
        self.tasks = DrivenTasks(world, client, self.a_shown_project)
        self.histories = DrivenHistories(self)
        self.jobs = DrivenJobs(world, client)
        self.backups = DrivenBackups(client, self.signed_in)
        self.files = DrivenFiles(world, client, self.a_shown_project)

    @property
    def door(self) -> Entrance:
        return Entrance(self._world, self._client)

    def base(self, name: str) -> str:
        return PLATFORM_BASE if any(place in name for place in ON_PLATFORM) else self._world.host()

    async def signed_in(self, name: str, user: str = "admin") -> dict[str, str]:
        base = self.base(name)
        return await token(self._client, base, user if base != PLATFORM_BASE else f"{user}-{self._world.suffix}")

    async def send(
        self, name: str, *, base: str = "", path: str = "", headers: dict[str, str] | None = None, **kwargs: Any
    ) -> httpx.Response:
        method, _, template = name.partition(" ")
        if "security" in OPERATIONS[name] and headers is None:
            headers = await self.signed_in(name)
        answer = await self._client.request(
            method, (base or self.base(name)) + (path or template), headers=headers, **kwargs
        )
        self._seen[name].add(answer.status_code)
        if answer.content and answer.status_code >= 400 and "/health" not in template:
            assert answer.json()["code"], answer.text
        return answer

    async def place(self, name: str) -> str:
        """A path of the operation to something that was made for it."""
        path = name.partition(" ")[2]
        if "/history" in path:
            return await self.histories.place(path)
        if path.startswith(ORGANIZATIONS):
            return await self.organizations.place(path)
        path = await self.files.place(await self.tasks.place(await self.jobs.place(path)))
        if "{slug}" in path:
            path = await self.backups.place(path.replace("{slug}", await self.a_site()))
        if "{domain}" in path:
            path = path.replace("{domain}", await self.a_domain(path.partition("/{domain}")[0]))
        if "{project_id}" in path or "{object_id}" in path:
            project, grant = await self.a_shown_project()
            path = path.replace("{project_id}", project).replace("{object_id}", project).replace("{grant_id}", grant)
        if "{group_id}" in path:
            path = path.replace("{group_id}", await self.made(GROUPS))
        if "{user_id}" in path:
            user = await self.made(USERS)
            path = path.replace("{user_id}", user)
            if GROUPS in path:
                await self.made(path.rpartition("/")[0], {"user": user})
        if "{session_id}" in path:
            headers = await self.signed_in(name)
            found = await self._client.get(f"{self._world.host()}/api/auth/sessions/?page_size=1", headers=headers)
            path = path.replace("{session_id}", found.json()["results"][0]["id"])
        return await self.mail.place(path)

    async def a_shown_project(self) -> tuple[str, str]:
        """One that the stranger may view and no more; and the grant that says so."""
        headers, url = await self.signed_in(PROJECTS), f"{self._world.host()}{PROJECTS}"
        project = (await self._client.post(url, json={"name": "Moon"}, headers=headers)).json()["id"]
        body = {"user": await self.id_of("stranger"), "permissions": ["view"]}
        grant = await self._client.post(f"{url}/{project}/grants", json=body, headers=headers)
        return project, grant.json()["id"]

    async def made(self, path: str, body: Json | None = None) -> str:
        """The id of something new of the site."""
        headers = await self.signed_in(path)
        body = body or await self.body(f"POST {path}")
        answer = await self._client.post(self._world.host() + path, json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def id_of(self, login: str) -> str:
        """Of a user of the site who is there."""
        headers = await self.signed_in(USERS)
        found = await self._client.get(f"{self._world.host()}{USERS}/?search={login}", headers=headers)
        return str(found.json()["results"][0]["id"])

    async def a_site(self) -> str:
        body = self.a_new_site()
        answer = await self.send(f"POST {SITES}", json=body)
        assert answer.status_code == 201, answer.text
        return str(body["slug"])

    def a_new_site(self) -> Json:
        self._made += 1
        slug = self._world.slug(f"site{self._made}")
        return {"organization": self._world.organization, "name": "A site", "slug": slug}

    async def a_domain(self, domains: str) -> str:
        """A verified one of the site whose domains are at this path."""
        added = (await self.send(f"POST {DOMAINS}", path=domains, json=self.a_new_domain())).json()
        self._world.dns.records[added["verification"]["record"]] = {added["verification"]["value"]}
        answer = await self.send(f"POST {DOMAINS}/{{domain}}/verify", path=f"{domains}/{added['domain']}/verify")
        assert answer.json()["status"] == "verified", answer.text
        return str(added["domain"])

    def a_new_domain(self) -> Json:
        self._made += 1
        return {"domain": f"d{self._made}.example"}

    async def body(self, name: str) -> Json | None:
        """A sound body, where the operation has one."""
        if "requestBody" not in OPERATIONS[name]:
            return None
        last = name.rpartition("/")[2]
        if last in TAKES_A_TOKEN:
            log_in = {"username": "admin", "password": PASSWORD}
            pair = (await self._client.post(f"{self._world.host()}/api/auth/jwt/token/", json=log_in)).json()
            return {TAKES_A_TOKEN[last]: pair["refresh"]}
        if name.endswith("/grants"):
            return {"user": await self.id_of("admin"), "permissions": ["view"]}
        self._made += 1
        new = f"new{self._made}"
        user = {"username": new, "email": f"{new}@example.org", "first_name": "", "last_name": ""}
        email = {"email": f"{new}@example.org", "current_password": PASSWORD}
        group = {"name": new, "permissions": ["projects.view"]}
        if name == EXCHANGE:
            return {"token": await self.door.token("admin")}
        bodies: dict[str, Json] = {
            f"POST {USERS}": user | {"password": PASSWORD},
            f"PATCH {USERS}/{{user_id}}": {"username": new},
            f"PUT {USERS}/{{user_id}}": user | {"is_active": False, "is_admin": False},
            f"PATCH {PROFILE}": email,
            f"PUT {PROFILE}": email | {"first_name": "", "last_name": ""},
            f"POST {GROUPS}": group,
            f"PATCH {GROUPS}/{{group_id}}": {"name": new},
            f"PUT {GROUPS}/{{group_id}}": group,
            LOG_IN: {"username": "admin", "password": PASSWORD},
            PASSWORD_CHANGE: {"current_password": PASSWORD, "new_password": "another-good-one"},
            f"POST {PROJECTS}": {"name": "Moon"},
            f"PATCH {PROJECTS}/{{project_id}}": {"name": "Mars"},
            f"PUT {PROJECTS}/{{project_id}}": {"name": "M", "description": "", "status": "active", "owner": NOBODY},
            f"POST {SITES}": self.a_new_site(),
            f"POST {DOMAINS}": self.a_new_domain(),
            f"POST {SITES}/{{slug}}/rename": {"slug": self.a_new_site()["slug"]},
            **await self.organizations.bodies(),
            **await self.mail.bodies(name),
            **await self.tasks.bodies(name),
            **self.files.bodies(),
            **await self.files.imported(name),
            "POST /api/reports": {"format": "csv"},
            **self.jobs.bodies(),
            **site_bodies(self.a_new_site()),
            **self.backups.bodies(self.a_new_site()["slug"]),
            **await self.organizations.bodies(),
        }
        if name == f"POST {GROUPS}/{{group_id}}/members":
            return {"user": await self.made(USERS)}
        return bodies[name]


class DrivenHistories:
    """What the operations on histories are about: something that was made, and changed since where it can be."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def place(self, path: str) -> str:
        resource, _, rest = path.partition("/history")
        here = await self._driver.place(f"GET {resource}")
        if "{entry_id}" not in rest:
            return f"{here}/history{rest}"
        if (change := f"PATCH {resource}") in OPERATIONS:
            answer = await self._driver.send(change, path=here, json=await self._driver.body(change))
            assert answer.is_success, answer.text
        entry = await self.entry(f"GET {resource}", here, oldest=True)
        return f"{here}/history{rest.replace('{entry_id}', str(entry))}"

    async def entry(self, name: str, here: str, *, oldest: bool) -> int:
        """The first or the last one of the resource at this path."""
        listed = f"GET {name.partition(' ')[2].partition('/history')[0]}/history"
        answer = await self._driver.send(listed, path=f"{here}/history")
        return int(answer.json()["results"][-1 if oldest else 0]["id"])
