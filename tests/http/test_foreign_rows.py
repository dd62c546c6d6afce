"""Every list of the document: a row of another site, of another organization or without a grant is not in it.

Neither does it count, on any page and for any search. What is not the asker's is called `theirs` throughout.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from domain.shared.caller import UserId
from domain.tenancy.scope import Scope, SiteScope
from tests.contracts.jobs.asked_jobs import a_job, put
from tests.groups import a_group
from tests.http.staff import PLATFORM_BASE, Person, sign_in
from tests.http.uploading import begun, stored
from tests.world import PLATFORM, HttpClient, World

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "openapi.json"
CRON: Final = "0 3 * * *"
SESSIONS: Final = "/api/auth/sessions/"


def documented() -> dict[str, set[str]]:
    """The parameters of each list."""
    paths = json.loads(DOCUMENT.read_text(encoding="utf-8"))["paths"]
    lists = {
        path: {one["name"] for one in item["get"].get("parameters", ())}
        for path, item in paths.items()
        if "get" in item
    }
    return {f"{path}/": names for path, names in lists.items() if "page" in names}


@dataclass(frozen=True, slots=True)
class Listed:
    """What somebody must find in a list, and nothing else: `{}` in the document's path is `of`."""

    who: Person
    path: str
    own: tuple[Any, ...]
    of: str | tuple[str, ...] = ""

    @property
    def name(self) -> str:
        return f"{self.path} on {'the platform' if self.who.base == PLATFORM_BASE else 'a site'}"

    @property
    def url(self) -> str:
        """With what is in braces filled in."""
        url = self.path
        for one in (self.of,) if isinstance(self.of, str) else self.of:
            head, _, tail = url.partition("{")
            url = head + one + tail.partition("}")[2]
        return url

    async def found(self, searchable: bool) -> tuple[set[Any], set[int], int]:
        """The ids, each count that was told, and how many are found by the name of what is foreign."""
        url = self.url
        count, whole = await self.who.listed(url, page_size=100)
        counts = {count}
        for page in range(1, len(self.own) + 2):
            counts.add((await self.who.listed(url, page_size=1, page=page))[0])
        theirs = (await self.who.listed(url, search="theirs"))[0] if searchable else 0
        return {one["id"] for one in whole}, counts, theirs


async def an_owner(world: World, client: HttpClient, name: str) -> tuple[Person, dict[str, Any]]:
    """Of an organization with a site, a domain, a member and an invitation, all of that name."""
    user, member = [await world.user(PLATFORM, f"{who}{name}-{world.suffix}") for who in ("", "m")]
    owner = await sign_in(client, PLATFORM_BASE, user.username)
    made: dict[str, Any] = {
        "org": await owner.made("/api/organizations/", name=f"{name} {world.suffix}"),
        "me": str(user.id),
    }
    org = f"/api/organizations/{made['org']['slug']}/"
    made["site"] = await owner.made(f"{org}sites/", name=name, slug=world.slug(name))
    made["domain"] = await owner.made(
        f"/api/sites/{made['site']['slug']}/domains/", domain=f"{name}.{world.suffix}.org"
    )
    made["member"] = await owner.made(f"{org}members/", user_id=str(member.id), role="member")
    address = f"{name}-{world.suffix}@example.net"
    backups = f"/api/sites/{made['site']['slug']}/backup"
    assert (await owner("POST", f"{backups}/")).status_code == 202
    made["backups"] = tuple(one["id"] for one in (await owner.listed(f"{backups}s/"))[1])
    slug = made["org"]["slug"]
    made["invitation"] = await owner.made("/api/invitations/", organization=slug, email=address, role="member")
    made["members"] = tuple(one["id"] for one in (await owner.listed(f"{org}members/"))[1])
    return owner, made


async def on_the_platform(world: World, client: HttpClient) -> list[Listed]:
    olga, ours = await an_owner(world, client, "ours")
    otto, _ = await an_owner(world, client, "theirs")
    admin = await sign_in(client, PLATFORM_BASE, (await world.admin()).username)
    await world.admin(await world.site("ant"), "theirs")
    org, site = ours["org"]["slug"], ours["site"]["slug"]
    assert (len(ours["members"]), len(ours["backups"])) == (2, 1)
    users = [one["id"] for one in (await admin.listed("/api/users/", search=world.suffix))[1]]
    assert (await otto.me())["id"] in users
    asked = await some_jobs(world, PLATFORM, await world.site("bat"), ours["me"])
    (mailed,) = (await olga.listed("/api/jobs/", name="send_mail"))[1]
    (backed_up,) = (await olga.listed("/api/jobs/", name="back_up_site"))[1]
    return [
        Listed(olga, "/api/organizations/", (ours["org"]["id"],)),
        Listed(olga, "/api/organizations/{slug}/members/", ours["members"], org),
        Listed(olga, "/api/organizations/{slug}/sites/", (ours["site"]["id"],), org),
        Listed(olga, "/api/invitations/", (ours["invitation"]["id"],)),
        Listed(olga, "/api/sites/", (ours["site"]["id"],)),
        Listed(olga, "/api/sites/{slug}/domains/", (ours["domain"]["id"],), site),
        Listed(olga, "/api/sites/{slug}/backups/", ours["backups"], site),
        Listed(olga, SESSIONS, (await own_session(olga),)),
        Listed(olga, "/api/jobs/", (mailed["id"], backed_up["id"], *asked)),
        *await schedules(admin),
        *[
            await told(olga, f"{path}history/", of)
            for path, of in (
                ("/api/organizations/{slug}/", (org,)),
                ("/api/organizations/{slug}/members/{user_id}/", (org, ours["me"])),
                ("/api/invitations/{invitation_id}/", (ours["invitation"]["id"],)),
                ("/api/sites/{slug}/", (site,)),
                ("/api/sites/{slug}/domains/{domain}/", (site, ours["domain"]["domain"])),
                ("/api/users/{user_id}/", (ours["me"],)),
            )
        ],
    ]


async def some_jobs(world: World, scope: Scope, elsewhere: Scope, me: str) -> tuple[str, ...]:
    """Mine; somebody else's, nobody's, and one of another place that has my id are `theirs`."""
    now, mine = world.clock(), UserId(UUID(me))
    ours = [a_job(now, user_id=mine, name="mine") for _ in range(2)]
    await put(world, *ours, a_job(now, user_id=UserId(uuid4()), name="theirs"), a_job(now, name="theirs"), scope=scope)
    await put(world, a_job(now, user_id=mine, name="theirs"), scope=elsewhere)
    return tuple(str(one.id) for one in ours)


async def schedules(admin: Person) -> list[Listed]:
    """For admins alone, who see them all."""
    made = await admin.made("/api/schedules/", name=f"nightly {uuid4()}", job="purge_jobs", scope="platform", cron=CRON)
    every = tuple(one["id"] for one in (await admin.listed("/api/schedules/", page_size=100))[1])
    of_one = await told(admin, "/api/schedules/{schedule_id}/history/", (made["id"],))
    return [Listed(admin, "/api/schedules/", every), of_one]


async def told(who: Person, path: str, of: tuple[str, ...]) -> Listed:
    """The history of something that was made and not changed since: of its own row alone, though others have some."""
    listed = Listed(who, path, (), of)
    entries = (await who.listed(listed.url))[1]
    assert entries
    assert len({entry["row_id"] for entry in entries}) == 1
    assert entries[-1]["operation"] == "insert"
    return Listed(who, path, tuple(entry["id"] for entry in entries), of)


async def own_session(who: Person) -> str:
    """The one they asked with, of those that they are shown."""
    (mine,) = [one for one in (await who.listed(SESSIONS))[1] if one["current"]]
    return str(mine["id"])


async def a_site(
    world: World, client: HttpClient, name: str, people: tuple[str, ...]
) -> tuple[SiteScope, list[Person]]:
    scope = await world.site(name)
    for number, person in enumerate(people):
        await (world.user(scope, person) if number else world.admin(scope, person))
    return scope, [await sign_in(client, world.host(name), person) for person in people]


async def in_a_site(world: World, client: HttpClient) -> list[Listed]:
    scope, (ada, bob, cleo) = await a_site(world, client, "acme", ("ada", "bob", "cleo"))
    other, (theirs,) = await a_site(world, client, "bee", ("theirs",))
    ids = [str((await one.me())["id"]) for one in (ada, bob, cleo)]
    group, another = [await a_group(world, scope, UserId(UUID(one))) for one in ids[1:]]
    far = await a_group(world, other, UserId(UUID((await theirs.me())["id"])))
    mine = await ada.made("/api/projects/", name="Mine", owner=ids[1])
    granted, by_group = [await ada.made("/api/projects/", name=name) for name in ("Granted", "By group")]
    hidden = await ada.made("/api/projects/", name="Theirs")
    await theirs.made("/api/projects/", name="Theirs")

    async def grant(project: dict[str, Any], **to: object) -> str:
        return str((await ada.made(f"/api/projects/{project['id']}/grants/", permissions=["view"], **to))["id"])

    own = await grant(granted, user=ids[1]), await grant(granted, group=str(group))
    for receiver in ({"user": ids[2]}, {"group": str(another)}):
        await grant(granted, **receiver)
        await grant(hidden, **receiver)
    await grant(by_group, group=str(group))
    tasks = await some_tasks(ada, theirs, ids[1], {"mine": mine, "granted": granted, "hidden": hidden})
    borrowed = await lent(ada, tasks["lent"], *ids[1:])
    files = await some_files(world, ada, theirs, tasks, {"mine": mine, "granted": granted, "hidden": hidden})
    handed = await lent(ada, files["lent"], ids[1], ids[2], kind="files")
    members = (await ada.listed(f"/api/groups/{group}/members/"))[1]
    assert [one["user"]["id"] for one in members] == ids[1:2]
    assert far not in (group, another)
    return [
        Listed(ada, "/api/users/", tuple(ids)),
        Listed(ada, "/api/groups/", (str(group), str(another))),
        Listed(ada, "/api/groups/{group_id}/members/", (members[0]["id"],), str(group)),
        Listed(bob, "/api/projects/", (mine["id"], granted["id"], by_group["id"])),
        Listed(bob, "/api/projects/{object_id}/grants/", own, granted["id"]),
        Listed(bob, "/api/tasks/", tuple(tasks.values())),
        Listed(bob, "/api/tasks/{object_id}/grants/", (borrowed,), tasks["lent"]),
        Listed(bob, "/api/files/", tuple(files.values())),
        Listed(bob, "/api/files/{object_id}/grants/", (handed,), files["lent"]),
        Listed(bob, SESSIONS, (await own_session(bob),)),
        Listed(bob, "/api/jobs/", await some_jobs(world, scope, other, ids[1])),
        await told(bob, "/api/projects/{project_id}/history/", (granted["id"],)),
        await told(bob, "/api/tasks/{task_id}/history/", (tasks["lent"],)),
        await told(bob, "/api/files/{file_id}/history/", (files["lent"],)),
        await told(ada, "/api/groups/{group_id}/history/", (str(group),)),
        await told(bob, "/api/users/{user_id}/history/", (ids[1],)),
    ]


async def some_tasks(ada: Person, theirs: Person, bob: str, projects: dict[str, dict[str, Any]]) -> dict[str, str]:
    """What Bob may view, by why: what is in his project, in one granted to him, assigned to him and lent to him."""
    made = {}
    for name, project, assignee in (
        ("mine", "mine", None),
        ("granted", "granted", None),
        ("assigned", "hidden", bob),
        ("lent", "hidden", None),
        ("theirs", "hidden", None),
    ):
        body = {"project": projects[project]["id"], "title": name, "assignee": assignee}
        made[name] = str((await ada.made("/api/tasks/", **body))["id"])
    far = await theirs.made("/api/projects/", name="Far")
    await theirs.made("/api/tasks/", project=far["id"], title="theirs")
    del made["theirs"]
    return made


async def some_files(
    world: World, ada: Person, theirs: Person, tasks: dict[str, str], projects: dict[str, dict[str, Any]]
) -> dict[str, str]:
    """What Bob may view, by why: by its project or its task, and one lent to him; the rest is `theirs`."""

    async def made(who: Person, name: str, **place: str) -> str:
        return str((await stored(world, who.client, who.base, who.headers, name=name, **place))["id"])

    await made(ada, "theirs")
    await made(ada, "theirs", project=projects["hidden"]["id"])
    await made(theirs, "theirs")
    await begun(ada.client, ada.base, ada.headers, name="theirs", project=projects["mine"]["id"])
    return {
        "mine": await made(ada, "mine", project=projects["mine"]["id"]),
        "granted": await made(ada, "granted", project=projects["granted"]["id"]),
        "assigned": await made(ada, "assigned", task=tasks["assigned"]),
        "lent": await made(ada, "lent", project=projects["hidden"]["id"]),
    }


async def lent(ada: Person, one: str, bob: str, cleo: str, kind: str = "tasks") -> str:
    """Of the two grants on it, the one that is Bob's."""
    path = f"/api/{kind}/{one}/grants/"
    await ada.made(path, user=cleo, permissions=["view"])
    return str((await ada.made(path, user=bob, permissions=["view"]))["id"])


async def test_no_foreign_row_is_in_any_list_nor_counts(world: World) -> None:
    parameters = documented()
    async with world.http() as client:
        lists = [*await on_the_platform(world, client), *await in_a_site(world, client)]
        seen = {one.name: await one.found("search" in parameters[one.path]) for one in lists}

    assert {one.path for one in lists} == parameters.keys()
    assert seen == {one.name: (set(one.own), {len(one.own)}, 0) for one in lists}
