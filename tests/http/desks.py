"""Clients of people on the platform who invite and are invited."""

from dataclasses import dataclass
from typing import Any, Final

import httpx

from domain.identity.user import User
from tests.mail.links import token_in
from tests.world import HttpClient, World, token

HOST: Final = "http://localhost"
PATH: Final = f"{HOST}/api/invitations/"
NEWCOMER: Final = "newcomer@example.org"


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody's client on the platform."""

    world: World
    client: HttpClient
    headers: dict[str, str]

    async def invite(self, organization: str, email: str = NEWCOMER, **fields: Any) -> httpx.Response:
        body = {"organization": organization, "email": email} | fields
        return await self.client.post(PATH, json=body, headers=self.headers)

    async def send(self, method: str, path: str = "", body: Any = None, **headers: str) -> httpx.Response:
        return await self.client.request(method, PATH + path, json=body, headers=self.headers | headers)

    async def mailed_token(self) -> str:
        await self.client.settle()
        return token_in(self.world.mails.sent[-1])


async def desk_of(world: World, client: HttpClient, user: User) -> Desk:
    return Desk(world, client, await token(client, HOST, user.username))
