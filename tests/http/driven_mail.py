"""What the operations that live by mail need to be driven."""

from typing import Any, Final

from tests.mail.links import token_in
from tests.world import PASSWORD, HttpClient, World, token

BASE: Final = "http://localhost"
INVITATIONS: Final = "/api/invitations"
RESET: Final = "/api/auth/password/reset"
_KEY: Final = "{invitation_id}"


class DrivenMail:
    def __init__(self, world: World, client: HttpClient) -> None:
        self._world = world
        self._client = client
        self._made = 0

    async def place(self, template: str) -> str:
        """With an invitation that was just made, where it names one."""
        if _KEY not in template:
            return template
        headers = await token(self._client, BASE, f"admin-{self._world.suffix}")
        answer = await self._client.post(BASE + INVITATIONS, json=self.a_new_invitation(), headers=headers)
        assert answer.status_code == 201, answer.text
        if template.endswith("/resend"):
            self._world.clock.advance(minutes=15)
        return template.replace(_KEY, answer.json()["id"])

    def a_new_invitation(self) -> dict[str, Any]:
        self._made += 1
        return {"organization": self._world.organization, "email": f"invited{self._made}@example.org"}

    async def newest_token(self) -> str:
        """Of all mails."""
        await self._client.settle()
        return token_in(self._world.mails.sent[-1])

    async def bodies(self, name: str) -> dict[str, dict[str, Any]]:
        """By operation; what takes a token has it if it is `name`."""
        bodies: dict[str, dict[str, Any]] = {
            f"POST {RESET}": {"email": "nobody@example.org"},
            f"POST {INVITATIONS}": self.a_new_invitation(),
        }
        if name == f"POST {RESET}/confirm":
            await self._client.post(f"{self._world.host()}{RESET}", json={"email": "admin@example.org"})
            bodies[name] = {"token": await self.newest_token(), "password": PASSWORD}
        elif name.endswith("/accept"):
            account = {"username": f"new-by-mail-{self._made}", "password": PASSWORD}
            bodies[name] = {"token": await self.newest_token()} | account
        elif name.endswith("/decline"):
            bodies[name] = {"token": await self.newest_token()}
        return bodies
