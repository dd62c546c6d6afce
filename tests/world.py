"""The application as tests see it: on any store, acting for anybody, in any scope, and over HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, cast
from uuid import uuid4

import httpx
import msgspec
from dishka import AsyncContainer, Provider
from dishka.integrations.litestar import LitestarProvider

from adapters.cache.site_directory import CachedSiteDirectory
from adapters.crypto.keyring import generate_jwks
from adapters.memory.database import MemoryDatabase
from adapters.memory.domains import MemoryDomainProofs
from adapters.memory.mail import MemoryMailer
from adapters.memory.object_store import MemoryObjectStore
from application.identity.create_admin import CreateAdmin
from application.identity.ports import PasswordHasher, UserRepository
from application.shared.ports import UnitOfWork
from application.shared.trail import Trail
from application.tenancy.create_organization import CreateOrganization
from application.tenancy.create_site import CreateSite
from application.tenancy.ports import MemberRepository, OrganizationRepository
from domain.identity.user import User
from domain.shared.caller import Caller, Permission
from domain.tenancy.membership import MemberRole
from domain.tenancy.plan import Plan
from domain.tenancy.scope import PlatformScope, Scope, SiteScope
from domain.tenancy.site import SiteRole
from entrypoints.container import make_container
from entrypoints.http.providers import HttpRequest
from entrypoints.jobs import NoJob
from entrypoints.settings import Settings
from entrypoints.stores.jobs import MemorySteps, PostgresSteps
from entrypoints.stores.memory import Memory
from entrypoints.stores.passwords import PlainPasswords
from entrypoints.stores.postgres import Postgres
from entrypoints.stores.storage import MemoryStorage, S3Storage
from entrypoints.worker.requests import JobRequest
from tests.job_desk import JobDesk
from tests.newcomers import a_member, a_user
from tests.providers import Doubles, NothingToCheck, SteppedClock, Tester
from tests.served import served

PLATFORM: Final = PlatformScope()
PASSWORD: Final = "a-good-password"
A_TRAIL: Final = Trail(actor=None, actor_label="a test", request_id="test-request")
OPERATOR: Final = Caller(label="operator:test", permissions=frozenset(Permission))


class HttpClient(httpx.AsyncClient):
    """A client of one process of the application, and that process's container."""

    def __init__(
        self, container: AsyncContainer, transport: httpx.AsyncBaseTransport, settle: Callable[[], Awaitable[None]]
    ) -> None:
        super().__init__(transport=transport)
        self.container = container
        self.settle = settle

    async def catch_up(self) -> None:
        """Let the process learn now what changed about sites."""
        await (await self.container.get(CachedSiteDirectory)).look()


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One running application. `suffix` keeps the names of two worlds on one database apart.

    Files are in `objects`, in memory, unless the world was given a bucket.
    """

    container: AsyncContainer
    settings: Settings
    clock: SteppedClock
    mails: MemoryMailer
    dns: MemoryDomainProofs
    objects: MemoryObjectStore
    store: Callable[[], Provider]
    storage: Callable[[], Provider]
    suffix: str
    desk: JobDesk

    @asynccontextmanager
    async def acting(self, scope: Scope = PLATFORM, caller: Caller = OPERATOR) -> AsyncIterator[AsyncContainer]:
        """The use cases and ports of one request: `await container.get(OpenProject)`."""
        async with self.container(context={Scope: scope, Caller: caller}) as container:
            yield container

    def another(self, **changes: Any) -> AsyncContainer:
        """The container of another process on the same data, with other settings; to be closed."""
        settings = msgspec.structs.replace(self.settings, **changes)
        doubles = Doubles(self.clock, self.mails, self.dns)
        return make_container(settings, self.store(), self.storage(), PlainPasswords(), Tester(), NoJob(), doubles)

    async def settle(self) -> None:
        """Run the jobs that use cases added in this world, and those that these add."""
        await self.desk.run_all()

    @property
    def organization(self) -> str:
        """The slug of the one organization."""
        return f"org-{self.suffix}"

    def slug(self, name: str = "acme") -> str:
        return f"{name}-{self.suffix}"

    def host(self, name: str = "acme") -> str:
        """The base URL of a site made by `site`."""
        return f"http://{self.slug(name)}.localhost"

    async def site(self, name: str = "acme") -> SiteScope:
        """A new site, empty."""
        async with self.acting() as container:
            site = await (await container.get(CreateSite))(
                organization=self.organization,
                name=name,
                slug=self.slug(name),
                description="",
                role=SiteRole.PRODUCTION,
            )
        return SiteScope(site.id, site.slug.value, site.schema)

    async def admin(self, scope: Scope = PLATFORM, username: str = "admin") -> User:
        """A new admin of the scope, with `PASSWORD`; on the platform the name gets the suffix."""
        if isinstance(scope, PlatformScope):
            username = f"{username}-{self.suffix}"
        async with self.acting(scope) as container:
            create = await container.get(CreateAdmin)
            return await create(username=username, email=f"{username}@example.org", password=PASSWORD)

    async def user(self, scope: Scope, username: str) -> User:
        """A new user of the scope who may do nothing yet, with `PASSWORD`."""
        async with self.acting(scope) as container:
            hasher = await container.get(PasswordHasher)
            user = a_user(username, await hasher.hash(PASSWORD), self.clock())
            async with await container.get(UnitOfWork):
                await (await container.get(UserRepository)).add(user)
        return user

    async def member(
        self, role: MemberRole, username: str = "", organization: str = "", *, is_active: bool = True
    ) -> Caller:
        """A new user of the platform who is a member of an organization, the one unless another is said."""
        user = await self.user(PLATFORM, f"{username or role}-{self.suffix}")
        async with self.acting() as container, await container.get(UnitOfWork):
            owner = await (await container.get(OrganizationRepository)).get(organization or self.organization)
            member = a_member(owner.id, user.id, role, at=user.created_at, is_active=is_active)
            await (await container.get(MemberRepository)).add(member)
        return Caller(label=user.username, permissions=PLATFORM.permissions(is_admin=False), user_id=user.id)

    @asynccontextmanager
    async def http(self, *providers: Provider, **changes: Any) -> AsyncIterator[HttpClient]:
        """A client of the real HTTP application on the same data; `changes` are settings.

        `providers` override what the application is made of.
        """
        settings = msgspec.structs.replace(self.settings, **changes)
        container = make_container(
            settings,
            self.store(),
            self.storage(),
            PlainPasswords(),
            LitestarProvider(),
            HttpRequest(),
            NoJob(),
            NothingToCheck(),
            Doubles(self.clock, self.mails, self.dns),
            *providers,
        )
        async with served(container, settings) as app:
            transport = httpx.ASGITransport(cast("Any", app), raise_app_exceptions=False, client=("127.0.0.1", 1234))
            async with HttpClient(container, transport, self.settle) as client:
                yield client


async def token(client: httpx.AsyncClient, base: str, username: str = "admin") -> dict[str, str]:
    """Log in at a host; the headers of a signed-in request."""
    answer = await client.post(f"{base}/api/auth/jwt/token/", json={"username": username, "password": PASSWORD})
    return {"Authorization": f"Bearer {answer.json()['access']}"}


@asynccontextmanager
async def memory_world() -> AsyncIterator[World]:
    async with _world(partial(Memory, MemoryDatabase()), MemorySteps, database_url="") as world:
        yield world


@asynccontextmanager
async def postgres_world(url: str, *, storage_url: str = "") -> AsyncIterator[World]:
    async with _world(Postgres, PostgresSteps, database_url=url, storage_url=storage_url) as world:
        yield world


@asynccontextmanager
async def _world(
    store: Callable[[], Provider], steps: Callable[[], Provider], *, database_url: str, storage_url: str = ""
) -> AsyncIterator[World]:
    clock, mails, dns = SteppedClock(), MemoryMailer(), MemoryDomainProofs()
    doubles = Doubles(clock, mails, dns)
    settings = Settings(
        database_url=database_url,
        storage_url=storage_url,
        signing_keys=generate_jwks(),
        access_check_seconds=0,
        token_leeway_seconds=0,
        login_limit_address=10_000,
    )
    objects = MemoryObjectStore(clock)
    storage = S3Storage if storage_url else partial(MemoryStorage, objects)
    container = make_container(settings, store(), storage(), PlainPasswords(), Tester(), NoJob(), doubles)
    worker = make_container(settings, store(), steps(), storage(), PlainPasswords(), JobRequest(), doubles)
    suffix = uuid4().hex[:8]
    world = World(
        container=container,
        settings=settings,
        clock=clock,
        mails=mails,
        dns=dns,
        objects=objects,
        store=store,
        storage=storage,
        suffix=suffix,
        desk=JobDesk(worker, since=clock()),
    )
    try:
        async with world.acting() as acting:
            create = await acting.get(CreateOrganization)
            await create(name="An organization", slug=world.organization, plan=Plan.ENTERPRISE)
        yield world
    finally:
        await worker.close()
        await container.close()
