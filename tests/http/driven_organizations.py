"""What the operations of organizations and members need to be driven."""

from typing import Any, Final

from application.identity.ports import UserRepository
from tests.http.people import BASE, ORGANIZATIONS, path
from tests.world import PLATFORM, HttpClient, World, token

MEMBERS: Final = "/api/organizations/{slug}/members"
WRITTEN: Final = {
    "name": "A",
    "description": "",
    "email": "",
    "website": "",
    "phone": "",
    "address": "",
    "settings": {},
}
STANDING: Final = {"role": "owner", "title": "", "department": "", "phone": "", "is_active": True}


class DrivenOrganizations:
    def __init__(self, world: World, client: HttpClient) -> None:
        self._world = world
        self._client = client
        self._made = 0

    async def place(self, template: str, *, closed: bool = False) -> str:
        """The admin's organization, where the stranger is a member; or one that is closed, where they own it, too."""
        slug = (await self._sent("POST", ORGANIZATIONS, {"name": "A"}))["slug"]
        for user, role in ((await self._stranger(), "owner" if closed else "member"), (await self._a_user(), "member")):
            member = await self._sent("POST", f"{path(slug)}members/", {"user_id": user, "role": role})
        filled = template.replace("{slug}", slug).replace("{user_id}", member["user"]["id"])
        if "{site}" in filled:
            filled = filled.replace("{site}", await self._a_site(slug))
        if closed:
            await self._sent("PATCH", path(slug), {"is_active": False})
        return filled

    async def bodies(self) -> dict[str, dict[str, Any]]:
        """A sound body of each operation that takes one."""
        one, member = f"{ORGANIZATIONS}{{slug}}", f"{MEMBERS}/{{user_id}}"
        return {
            f"POST {ORGANIZATIONS.rstrip('/')}": {"name": "A"},
            f"PATCH {one}": {"description": "A"},
            f"PUT {one}": WRITTEN,
            f"POST {MEMBERS}": {"user_id": await self._a_user()},
            f"PATCH {member}": {"title": "A"},
            f"PUT {member}": STANDING,
        }

    async def _a_user(self) -> str:
        self._made += 1
        user = await self._world.user(PLATFORM, f"user{self._made}-{self._world.suffix}")
        return str(user.id)

    async def _stranger(self) -> str:
        async with self._world.acting() as container:
            user = await (await container.get(UserRepository)).find_by_login(f"stranger-{self._world.suffix}")
        assert user
        return str(user.id)

    async def _a_site(self, organization: str) -> str:
        self._made += 1
        slug = self._world.slug(f"given{self._made}")
        await self._sent("POST", "/api/sites/", {"organization": organization, "name": "A", "slug": slug})
        return slug

    async def _sent(self, method: str, where: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = await token(self._client, BASE, f"admin-{self._world.suffix}")
        answer = await self._client.request(method, BASE + where, json=body, headers=headers)
        assert answer.is_success, answer.text
        made: dict[str, Any] = answer.json()
        return made
