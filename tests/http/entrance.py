"""People of the platform at the doors of sites."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from adapters.memory.database import MemoryDatabase
from application.shared.ports import UnitOfWork
from application.tenancy.ports import MemberRepository, OrganizationRepository
from domain.identity.user import User
from domain.tenancy.membership import Member, MemberRole
from domain.tenancy.scope import SiteScope
from entrypoints.identifiers import new_id
from tests.http.accounts import JWT, PLATFORM, Account, bearer
from tests.newcomers import a_member
from tests.world import PLATFORM as PLATFORM_SCOPE
from tests.world import HttpClient, World


@dataclass(frozen=True, slots=True)
class People:
    """Makes people of the platform. Everybody's name ends with the world's suffix; here it is left out."""

    world: World

    async def person(self, name: str, role: MemberRole | None = None, *sites: SiteScope) -> User:
        """A new user of the platform; with a role a member of the organization, who was granted these sites."""
        user = await self.world.user(PLATFORM_SCOPE, f"{name}-{self.world.suffix}")
        if role is not None:
            await self.join(user, role, *sites)
        return user

    async def join(self, user: User, role: MemberRole, *sites: SiteScope) -> Member:
        async with self.world.acting() as container, await container.get(UnitOfWork):
            organization = await (await container.get(OrganizationRepository)).get(self.world.organization)
            member = a_member(organization.id, user.id, role, at=self.world.clock())
            await (await container.get(MemberRepository)).add(member)
        for site in sites:
            await self._grant(member, site)
        return member

    async def _grant(self, member: Member, site: SiteScope) -> None:
        if not self.world.settings.database_url:
            database = await self.world.container.get(MemoryDatabase)
            database.site_access[member.id, site.site_id] = self.world.clock()
            return
        pool = await self.world.container.get(asyncpg.Pool)
        await pool.execute(
            "insert into public.site_access values ($1, $2, $3, $4)",
            new_id(),
            member.id,
            site.site_id,
            self.world.clock(),
        )


@dataclass(frozen=True, slots=True)
class Entrance(People):
    """What they do over HTTP."""

    client: HttpClient

    def at_platform(self, name: str) -> Account:
        return Account(self.client, PLATFORM, f"{name}-{self.world.suffix}")

    async def token(self, name: str) -> str:
        """An access token of the platform."""
        return (await self.at_platform(name).log_in())["access"]

    async def exchange(self, token: str, site: str = "acme", user: UUID | str | None = None) -> httpx.Response:
        body: dict[str, Any] = {"token": token} | ({} if user is None else {"user": str(user)})
        return await self.client.post(f"{self.world.host(site)}{JWT}/exchange/", json=body)

    async def enter(self, name: str, site: str = "acme", user: UUID | None = None) -> dict[str, str]:
        """A pair of tokens of the site."""
        answer = await self.exchange(await self.token(name), site, user)
        assert answer.status_code == 200, answer.text
        pair: dict[str, str] = answer.json()
        return pair

    def inside(self, site: str = "acme", name: str = "") -> Account:
        return Account(self.client, self.world.host(site), f"{name}-{self.world.suffix}")

    async def projects(self, pair: dict[str, str], site: str = "acme") -> int:
        """The status of listing projects: whoever is in may."""
        return await self._listing(pair, site, "projects")

    async def users(self, pair: dict[str, str], site: str = "acme") -> int:
        """The status of listing users: admins may."""
        return await self._listing(pair, site, "users")

    async def _listing(self, pair: dict[str, str], site: str, what: str) -> int:
        url = f"{self.world.host(site)}/api/{what}/"
        return (await self.client.get(url, headers=bearer(pair["access"]))).status_code
