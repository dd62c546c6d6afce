from typing import Any, Final

from domain.shared.caller import GROUP_PERMISSIONS
from tests.http.who_may.file_makers import file_makers
from tests.http.who_may.job_makers import job_makers
from tests.http.who_may.people import a_person
from tests.http.who_may.scene import BASE, NOBODY, Headers, Scene, Stage
from tests.world import PASSWORD, PLATFORM, token

GRANTED: Final = {"view": ["view"], "edit": ["view", "change", "share"]}
BY_GROUP: Final[dict[str, list[str]]] = {"read": ["projects.view", "users.view"], "lead": sorted(GROUP_PERMISSIONS)}
ENTERED: Final = {"memb": "let", "boss": "boss", "root": "root"}


class SiteScene(Scene):
    """In `acme`."""

    def __init__(self, stage: Stage, who: str) -> None:
        super().__init__(stage, who, stage.world.host(), stage.adm)
        self._username = ""
        self.makers |= {
            "user": self._somebody,
            "owner": self._somebody,
            "admin": self._an_admin,
            "linked": self._a_linked_user,
            "stranger": self._a_stranger,
            "project": self._a_project,
            "hidden": lambda: self._in_acme("/api/projects/", name="Dark side"),
            "foreign": lambda: self._in_other("/api/projects/", name="Mars"),
            "grant": self._a_grant,
            "another": self._a_project,
            "busy": self._a_busy_project,
            "task": lambda: self._a_task("project"),
            "secret": lambda: self._a_task("hidden"),
            "assigned": self._an_assigned_task,
            "elsewhere": self._a_foreign_task,
            "opener": self._the_opener,
            "lent": self._a_grant_on_the_task,
            "group": lambda: self._a_group(["projects.view"]),
            "member": self._a_member,
            "gone": self._a_deleted_project,
            "then": lambda: self._then("projects", "gone"),
            "dropped": self._a_deleted_task,
            "before": lambda: self._then("tasks", "dropped"),
            "drop": lambda: self._entry_of("tasks", "dropped", None, oldest=False),
            "tasks": lambda: self._entry_of("tasks", "task", {"description": "Far"}),
            "files": lambda: self._entry_of("files", "file", {"name": "Other.txt"}),
            "shred": lambda: self._entry_of("files", "shredded", None, oldest=False),
            "end": lambda: self._entry_of("projects", "gone", None, oldest=False),
            "entry": lambda: self._entry_of("projects", "project", {"description": "Far"}),
            "users": lambda: self._entry_of("users", "user", {"last_name": "A"}),
            "groups": lambda: self._entry_of("groups", "group", {"name": stage.new()}),
            **file_makers(self),
            **job_makers(self, stage.acme, PLATFORM),
        }

    async def sign_in(self) -> Headers:
        match self.who:
            case "anon":
                return {}
            case "away":
                return self.stage.other_adm
            case "plat":
                return self.stage.root
            case "mask":
                return await self._enter(self.stage.root, user=await self.named("owner"))
            case "memb" | "boss" | "root":
                self._username = self._username or await self._of_platform(ENTERED[self.who])
                return await self._enter(await token(self.stage.client, BASE, self._username))
        self._username = self._username or await self._prepared()
        return await token(self.stage.client, self.base, self._username)

    async def _somebody(self) -> str:
        return str((await self.stage.world.user(self.stage.acme, self.stage.new())).id)

    async def _an_admin(self) -> str:
        return str((await self.stage.world.admin(self.stage.acme, self.stage.new())).id)

    async def _a_linked_user(self) -> str:
        there = await token(self.stage.client, BASE, await self._of_platform("let"))
        me = await self.stage.sent("GET", f"{self.base}/api/users/me/", await self._enter(there))
        return str(me["id"])

    async def _a_stranger(self) -> str:
        name = self.stage.new()
        return await self._in_other("/api/users/", username=name, email=f"{name}@example.org", password=PASSWORD)

    async def _a_project(self) -> str:
        return await self._in_acme("/api/projects/", name="Moon", owner=await self.named("owner"))

    async def _a_busy_project(self) -> str:
        project = await self._a_project()
        await self._in_acme("/api/tasks/", project=project, title="Paint")
        return project

    async def _a_task(self, project: str) -> str:
        return await self._in_acme("/api/tasks/", project=await self.named(project), title="Paint")

    async def _an_assigned_task(self) -> str:
        """The caller has it to do, in a project that they may not view; nobody, where the caller is no user here."""
        me = await self.named("self")
        assignee = None if me == NOBODY else me
        return await self._in_acme("/api/tasks/", project=await self.named("hidden"), title="Paint", assignee=assignee)

    async def _a_foreign_task(self) -> str:
        return await self._in_other("/api/tasks/", project=await self.named("foreign"), title="Paint")

    async def _the_opener(self) -> str:
        """Who owns the task."""
        return str((await self.stage.in_acme("GET", f"/api/tasks/{await self.named('task')}/"))["owner"])

    async def _a_grant_on_the_task(self) -> str:
        path = f"/api/tasks/{await self.named('task')}/grants/"
        return await self._in_acme(path, user=await self.named("user"), permissions=["view"])

    async def _a_deleted_project(self) -> str:
        project = await self._in_acme("/api/projects/", name="Moon", owner=await self.named("owner"))
        await self.stage.in_acme("DELETE", f"/api/projects/{project}/")
        return project

    async def _a_deleted_task(self) -> str:
        task = await self._a_task("project")
        await self.stage.in_acme("DELETE", f"/api/tasks/{task}/")
        return task

    async def _then(self, kind: str, name: str) -> str:
        """When what was deleted was there."""
        listed = await self.stage.in_acme("GET", f"/api/{kind}/{await self.named(name)}/history/")
        return str(listed["results"][-1]["at"])

    async def _entry_of(self, kind: str, name: str, change: dict[str, Any] | None, *, oldest: bool = True) -> str:
        return await self._entry(f"/api/{kind}/{await self.named(name)}/", change, oldest=oldest)

    async def _a_grant(self) -> str:
        return await self._share(await self.named("user"), ["view"])

    async def _a_member(self) -> str:
        user = await self.named("user")
        await self._put_in(await self.named("group"), user)
        return user

    async def _prepared(self) -> str:
        """The username of the caller, who has what the table says."""
        make = self.stage.world.admin if self.who == "adm" else self.stage.world.user
        user = await make(self.stage.acme, self.stage.new())
        if self.who == "own":
            self.has("owner", str(user.id))
        if self.who in GRANTED:
            grant = await self._share(str(user.id), GRANTED[self.who])
            if self.who == "view":
                self.has("grant", grant)
        if self.who in BY_GROUP:
            await self._put_in(await self._a_group(BY_GROUP[self.who]), str(user.id))
        return user.username

    async def _of_platform(self, who: str) -> str:
        return await a_person(self.stage, who, self.stage.world.organization)

    async def _enter(self, platform: Headers, **more: str) -> Headers:
        body = {"token": platform["Authorization"].removeprefix("Bearer ")} | more
        pair = await self.stage.sent("POST", f"{self.base}/api/auth/jwt/exchange/", {}, **body)
        return {"Authorization": f"Bearer {pair['access']}"}

    async def _in_acme(self, path: str, **body: Any) -> str:
        return str((await self.stage.in_acme("POST", path, **body))["id"])

    async def _in_other(self, path: str, **body: Any) -> str:
        url = self.stage.world.host("other") + path
        return str((await self.stage.sent("POST", url, self.stage.other_adm, **body))["id"])

    async def _share(self, user: str, permissions: list[str]) -> str:
        path = f"/api/projects/{await self.named('project')}/grants/"
        return await self._in_acme(path, user=user, permissions=permissions)

    async def _a_group(self, permissions: list[str]) -> str:
        return await self._in_acme("/api/groups/", name=self.stage.new(), permissions=permissions)

    async def _put_in(self, group: str, user: str) -> None:
        await self.stage.in_acme("POST", f"/api/groups/{group}/members/", user=user)
