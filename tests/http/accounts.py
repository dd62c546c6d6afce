"""An account on one host, as a client of the authentication API sees it."""

from dataclasses import dataclass
from typing import Any, Final

import httpx

from tests.world import PASSWORD, HttpClient

PLATFORM: Final = "http://localhost"
JWT: Final = "/api/auth/jwt"
NEW_PASSWORD: Final = "a-better-password"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@dataclass(frozen=True, slots=True)
class Account:
    client: HttpClient
    base: str
    username: str

    async def post(self, path: str, body: dict[str, Any], **headers: str) -> httpx.Response:
        return await self.client.post(self.base + path, json=body, headers=headers)

    async def attempt(self, password: str = PASSWORD, **headers: str) -> httpx.Response:
        return await self.post(f"{JWT}/token/", {"username": self.username, "password": password}, **headers)

    async def log_in(self, **headers: str) -> dict[str, str]:
        """A pair of tokens."""
        answer = await self.attempt(**headers)
        assert answer.status_code == 200, answer.text
        pair: dict[str, str] = answer.json()
        return pair

    async def refresh(self, refresh: str) -> httpx.Response:
        return await self.post(f"{JWT}/refresh/", {"refresh": refresh})

    async def verify(self, token: str) -> int:
        return (await self.post(f"{JWT}/verify/", {"token": token})).status_code

    async def sessions(self, access: str) -> httpx.Response:
        return await self.client.get(f"{self.base}/api/auth/sessions/", headers=bearer(access))

    async def change_password(self, access: str, current: str = PASSWORD, new: str = NEW_PASSWORD) -> httpx.Response:
        body = {"current_password": current, "new_password": new}
        return await self.post("/api/profile/change-password/", body, **bearer(access))
