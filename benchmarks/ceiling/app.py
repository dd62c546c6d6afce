"""The least a Python server can do for these requests: host to schema, JWT, SQL, JSON. No framework, no logs.

An upper bound, not a product: it writes no request id, checks no permission, session or revocation,
verifies HS256 only, and knows the hosts it saw at its start.
"""

import os
from typing import Any
from urllib.parse import parse_qs

import asyncpg
import jwt
import msgspec

KEY = "peer-bench-secret-key-0123456789abcdef0123456789abcdef"
COLUMNS = "id,name,description,status,owner_id,created_at,updated_at"
PAGE = 20
encode = msgspec.json.Encoder().encode


class Project(msgspec.Struct):
    id: int
    name: str
    description: str
    status: str
    owner: int
    created_at: object
    updated_at: object


class Page(msgspec.Struct):
    count: int
    next: str | None
    previous: str | None
    results: list[Project]


class NewProject(msgspec.Struct):
    name: str
    description: str = ""
    status: str = "planned"


decode_new = msgspec.json.Decoder(NewProject).decode


class Connection(asyncpg.Connection):
    def get_reset_query(self) -> str:
        """All SQL is schema-qualified: nothing to reset, one round trip less."""
        return ""


class Tenant:
    __slots__ = ("count", "detail", "insert", "page")

    def __init__(self, schema: str) -> None:
        table = f'"{schema}".projects_project'
        self.count = f"select count(*) from {table}"
        self.page = f"select {COLUMNS} from {table} order by created_at desc limit {PAGE} offset $1"
        self.detail = f"select {COLUMNS} from {table} where id=$1"
        self.insert = (
            f"with p as (insert into {table}(name,description,status,owner_id,created_at,updated_at)"
            f" values($1,$2,$3,$4,now(),now()) returning {COLUMNS}),"
            f' h as (insert into "{schema}".projects_historicalproject'
            f"({COLUMNS},history_date,history_type,history_change_reason,history_user_id)"
            f" select {COLUMNS},now(),'+',null,$4 from p) select * from p"
        )


class Ceiling:
    def __init__(self) -> None:
        self.tenants: dict[bytes, Tenant] = {}
        self.pool: Any = None

    async def start(self) -> None:
        self.pool = await asyncpg.create_pool(
            os.environ["PEER_DSN"],
            min_size=8,
            max_size=8,
            connection_class=Connection,
            statement_cache_size=2000,
            max_cached_statement_lifetime=0,
            max_inactive_connection_lifetime=0,
            server_settings={"jit": "off"},
        )
        known = "select d.domain, s.schema_name from tenancy_domain d join tenancy_site s on s.id = d.tenant_id"
        for domain, schema in await self.pool.fetch(known):
            self.tenants[domain.encode()] = Tenant(schema)

    async def lifespan(self, receive: Any, send: Any) -> None:
        await receive()
        await self.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.pool.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self.lifespan(receive, send)
            return
        status, body = await self.answer(scope, receive)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def answer(self, scope: Any, receive: Any) -> tuple[int, bytes]:
        path = scope["path"]
        if path == "/health/live":
            return 200, b'{"status":"ok"}'
        host = authorization = b""
        for name, value in scope["headers"]:
            if name == b"host":
                host = value
            elif name == b"authorization":
                authorization = value
        tenant = self.tenants.get(host.split(b":")[0])
        if tenant is None:
            return 404, b'{"detail":"no tenant"}'
        try:
            user = int(jwt.decode(authorization[7:], KEY, algorithms=["HS256"])["user_id"])
        except (jwt.PyJWTError, KeyError, ValueError):
            return 401, b'{"detail":"bad token"}'
        if path == "/api/projects/":
            if scope["method"] == "GET":
                return 200, await self.list_(tenant, host, scope["query_string"])
            return await self.create(tenant, user, receive)
        return await self.detail(tenant, path.removeprefix("/api/projects/").rstrip("/"))

    async def list_(self, tenant: Tenant, host: bytes, query: bytes) -> bytes:
        number = int(parse_qs(query)[b"page"][0]) if query else 1
        async with self.pool.acquire() as connection:
            count = await connection.fetchval(tenant.count)
            rows = await connection.fetch(tenant.page, (number - 1) * PAGE)
        url = f"http://{host.decode()}/api/projects/"
        after = f"{url}?page={number + 1}" if number * PAGE < count else None
        before = f"{url}?page={number - 1}" if number > 1 else None
        return encode(Page(count, after, before, [Project(*row) for row in rows]))

    async def detail(self, tenant: Tenant, key: str) -> tuple[int, bytes]:
        if not key.isdigit():
            return 404, b'{"detail":"not found"}'
        async with self.pool.acquire() as connection:
            row = await connection.fetchrow(tenant.detail, int(key))
        return (200, encode(Project(*row))) if row else (404, b'{"detail":"not found"}')

    async def create(self, tenant: Tenant, user: int, receive: Any) -> tuple[int, bytes]:
        message = await receive()
        body = message["body"]
        while message.get("more_body"):
            message = await receive()
            body += message["body"]
        try:
            new = decode_new(body)
        except msgspec.DecodeError as error:
            return 400, encode({"detail": str(error)})
        async with self.pool.acquire() as connection:
            row = await connection.fetchrow(tenant.insert, new.name, new.description, new.status, user)
        return 201, encode(Project(*row))


app = Ceiling()
