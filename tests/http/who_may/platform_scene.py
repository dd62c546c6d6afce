from typing import Any

from domain.tenancy.membership import MemberRole
from tests.http.who_may.job_makers import job_makers
from tests.http.who_may.people import a_person, an_organization
from tests.http.who_may.scene import BASE, Headers, Scene, Stage
from tests.mail.links import token_in
from tests.world import PLATFORM, token


class PlatformScene(Scene):
    """Has an organization of its own, of which somebody else is an owner too."""

    def __init__(self, stage: Stage, who: str) -> None:
        super().__init__(stage, who, BASE, stage.root)
        self._username = ""
        self.makers |= {
            "org": self._an_organization,
            "member": self._a_member,
            "user": self._a_user,
            "site": self._a_site,
            "foreign": lambda: self._site_of(stage.world.organization),
            "suspended": self._a_suspended_site,
            "archived": self._an_archived_site,
            "backup": lambda: self._kept("site", "backup"),
            "export": lambda: self._kept("site", "export"),
            "elsewhere": lambda: self._kept("foreign", "backup"),
            "domain": self._a_domain,
            "invitation": self._an_invitation,
            "mailed": self._mailed,
            "orgs": lambda: self._entry_of("organizations/{org}", {"description": "B"}),
            "planned": lambda: self._entry_of("organizations/{org}", {"max_sites": 7}),
            "joined": lambda: self._entry_of("organizations/{org}/members/{member}", {"title": "B"}),
            "left": self._who_left,
            "sent": lambda: self._entry_of("invitations/{invitation}"),
            "sites": lambda: self._entry_of("sites/{site}", {"description": "B"}),
            "claimed": lambda: self._entry_of("sites/{site}/domains/{domain}"),
            "schedule": self._a_schedule,
            "planned_at": lambda: self._entry_of("schedules/{schedule}", {"cron": "0 5 * * *"}),
            **job_makers(self, PLATFORM, stage.acme),
            "users": lambda: self._entry_of("users/{user}", {"last_name": "B"}),
        }

    async def sign_in(self) -> Headers:
        match self.who:
            case "anon":
                return {}
            case "away":
                return self.stage.adm
        self._username = self._username or await a_person(self.stage, self.who, await self.named("org"))
        return await token(self.stage.client, BASE, self._username)

    async def _an_organization(self) -> str:
        organization = await an_organization(self.stage)
        await self.stage.world.member(MemberRole.OWNER, self.stage.new(), organization)
        return organization

    async def _a_member(self) -> str:
        member = await self.stage.world.member(MemberRole.MEMBER, self.stage.new(), await self.named("org"))
        return str(member.user_id)

    async def _who_left(self) -> str:
        member = await self.stage.world.member(MemberRole.MEMBER, self.stage.new(), await self.named("org"))
        await self.stage.at_platform(
            "DELETE", f"/api/organizations/{await self.named('org')}/members/{member.user_id}/"
        )
        return str(member.user_id)

    async def _entry_of(self, template: str, change: dict[str, Any] | None = None) -> str:
        """The first one."""
        return await self._entry(f"/api/{await self._filled(template)}/", change)

    async def _a_user(self) -> str:
        return str((await self.stage.world.user(PLATFORM, self.stage.new())).id)

    async def _a_schedule(self) -> str:
        plan = {"name": self.stage.new(), "job": "purge_jobs", "scope": "platform", "cron": "0 3 * * *"}
        return str((await self.stage.at_platform("POST", "/api/schedules/", **plan))["id"])

    async def _a_site(self) -> str:
        return await self._site_of(await self.named("org"))

    async def _site_of(self, organization: str) -> str:
        slug = self.stage.new()
        await self.stage.at_platform("POST", "/api/sites/", organization=organization, name="A", slug=slug)
        return slug

    async def _a_suspended_site(self) -> str:
        site = await self._a_site()
        await self.stage.at_platform("POST", f"/api/sites/{site}/suspend/")
        return site

    async def _an_archived_site(self) -> str:
        await self._kept("site", "archive")
        return await self.named("site")

    async def _kept(self, site: str, kind: str) -> str:
        """The id of a backup of that kind."""
        path = f"/api/sites/{await self.named(site)}"
        await self.stage.at_platform("POST", f"{path}/{kind}/")
        await self.stage.client.settle()
        listed = await self.stage.at_platform("GET", f"{path}/backups/?kind={kind}&status=ready")
        return str(listed["results"][0]["id"])

    async def _a_domain(self) -> str:
        """A verified one."""
        domain = f"{self.stage.new()}.example.org"
        path = f"/api/sites/{await self.named('site')}/domains/"
        proof = (await self.stage.at_platform("POST", path, domain=domain))["verification"]
        self.stage.world.dns.records[proof["record"]] = {proof["value"]}
        await self.stage.at_platform("POST", f"{path}{domain}/verify/")
        return domain

    async def _an_invitation(self) -> str:
        name = self._username if self.who == "guest" else self.stage.new()
        invited = {"organization": await self.named("org"), "email": f"{name}@example.org", "role": "member"}
        return str((await self.stage.at_platform("POST", "/api/invitations/", **invited))["id"])

    async def _mailed(self) -> str:
        """The token of the newest mail."""
        await self.stage.client.settle()
        return token_in(self.stage.world.mails.sent[-1])
