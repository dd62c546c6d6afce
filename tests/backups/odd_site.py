"""A site with rows in every table, of the oddest content that PostgreSQL takes, and files."""

import hashlib
import json
import os
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg

from adapters.s3.bucket import Bucket
from adapters.s3.keys import object_key
from adapters.s3.streams import get_stream, put_stream
from domain.files.upload import UploadId
from domain.tenancy.scope import SiteScope

ODD: Final = (
    "",
    " ",
    "plain",
    "\\",
    "\\.",
    "\\.\n\\.\n",
    "\\N",
    "NULL",
    "a\tb\nc\r\nd\ve\ff\bg",
    "'; drop schema public cascade; --",
    '"quoted" $$dollar$$ $body$',
    "COPY acme.users (id) FROM stdin;\n1\n\\.\n",
    "SELECT pg_catalog.setval('acme.history_id_seq', 1, true);",
    "Grüße, 世界, 🏔️, \u202eright to left\u202c, \ufeff, \U0010ffff",
    "e\u0301 and é",
    "\x01\x02\x1f\x7f",
    "x" * 20_000,
    "\\" * 3000 + "\n" * 3000 + "\t" * 3000,
)
LONG_AGO: Final = datetime(1, 1, 1, tzinfo=UTC)
FAR: Final = datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
_FILES: Final = (0, 1, 5, 1 << 20, (9 << 20) + 3)


class OddSite:
    """Fills a site of the newest revision, and tells what it has."""

    def __init__(self, connection: asyncpg.Connection, scope: SiteScope, bucket: Bucket | None) -> None:
        self._connection, self._scope, self._bucket = connection, scope, bucket
        self._random = random.Random(7)  # noqa: S311  the same in every run

    async def fill(self) -> None:
        users = [await self._user(text) for text in ODD]
        groups = [await self._add("groups", name=f"{n}{text}", permissions=list(ODD)) for n, text in enumerate(ODD)]
        for user, group in zip(users, groups, strict=True):
            await self._add("group_members", group_id=group, user_id=user, is_entity=False, created_by=None)
        projects = [await self._project(text, users[0]) for text in ODD]
        tasks = [await self._task(text, users[1], projects[n % 3]) for n, text in enumerate(ODD)]
        for table, objects in (("projects", projects), ("tasks", tasks)):
            for n, one in enumerate(objects):
                holder: dict[str, Any] = {"user_id": users[n]} if n % 2 else {"group_id": groups[n]}
                await self._add("grants", resource=table, object_id=one, permissions=["view"], **holder)
        await self._sessions(users)
        for n, size in enumerate(_FILES if self._bucket else ()):
            await self._file(ODD[n], size, users[2], projects[n])
        await self._retention(users[0])

    async def rows(self) -> dict[str, list[str]]:
        """Of every table, every row as text."""
        return await rows_of(self._connection, self._scope.schema.name)

    async def files(self) -> dict[UUID, bytes]:
        """The bytes of every file, as the store has them."""
        found = await self._connection.fetch(f'select upload_id from "{self._scope.schema.name}".files')
        return {one["upload_id"]: await self._bytes(one["upload_id"]) for one in found}

    async def change(self) -> None:
        """Rows are written, changed and deleted; a file among them."""
        schema = self._scope.schema.name
        await self._project("new", await self._user("new"))
        await self._connection.execute(f'update "{schema}".tasks set title = title || $1', " changed")
        await self._connection.execute(f'delete from "{schema}".files where size = 5')

    async def lose_bytes(self, upload_id: UUID) -> None:
        """As a sweep does with what no row names."""
        assert self._bucket is not None
        key = object_key(self._scope.site_id, "files", UploadId(upload_id))
        await self._bucket.client.delete_object(**self._bucket.at(key))

    async def writes_history(self) -> bool:
        """Triggers and the counter of entries work: the next change is told, after all that there are."""
        schema = self._scope.schema.name
        last = await self._connection.fetchval(f'select max(id) from "{schema}".history')
        await self._connection.execute(f'update "{schema}".projects set name = $1', "renamed")
        return bool(await self._connection.fetchval(f'select count(*) from "{schema}".history where id > $1', last))

    async def add_user(self, text: str) -> UUID:
        return await self._user(text)

    async def forget_file(self, upload_id: UUID) -> None:
        files = f'"{self._scope.schema.name}".files'
        await self._connection.execute(f"delete from {files} where upload_id = $1", upload_id)

    async def _bytes(self, upload_id: UUID) -> bytes:
        assert self._bucket is not None
        key = object_key(self._scope.site_id, "files", UploadId(upload_id))
        return b"".join([chunk async for chunk in get_stream(self._bucket, key)])

    async def _user(self, text: str) -> UUID:
        name = f"user-{uuid4().hex}"
        return await self._add(
            "users",
            username=name,
            email=f"{name}@example.org",
            password_hash=f"hash of {name}",
            first_name=text,
            last_name=self._words(),
            is_active=True,
            is_admin=False,
            token_version=3,
            last_login_at=self._random.choice([None, LONG_AGO, FAR]),
        )

    async def _project(self, text: str, owner: UUID) -> UUID:
        return await self._add("projects", name=text, description=self._words(), status="active", owner_id=owner)

    async def _task(self, text: str, owner: UUID, project: UUID) -> UUID:
        return await self._add(
            "tasks",
            project_id=project,
            title=text,
            description=self._words(),
            status="todo",
            priority="normal",
            assignee_id=owner,
            due_date=self._random.choice([None, date.min, date.max, date(2024, 2, 29)]),
            completed_at=None,
            owner_id=owner,
        )

    async def _sessions(self, users: list[UUID]) -> None:
        now = datetime.now(UTC)
        for user in users:
            session = await self._add(
                "sessions",
                is_entity=False,
                user_id=user,
                address="::1",
                user_agent=self._words(),
                last_used_at=now,
                expires_at=FAR,
            )
            for table, extra in (
                ("refresh_tokens", {"session_id": session, "issued_at": now, "created_at": None}),
                ("password_resets", {"user_id": user}),
            ):
                await self._add(table, is_entity=False, token_hash=os.urandom(32), expires_at=FAR, **extra)
            await self._add(
                "uploads",
                is_entity=False,
                version=1,
                upload_id=uuid4(),
                name=ODD[3],
                content_type="",
                size=1 << 40,
                sha256=b"",
                expires_at=FAR,
                created_by=user,
            )

    async def _file(self, name: str, size: int, owner: UUID, project: UUID) -> None:
        assert self._bucket is not None
        upload_id, content = uuid4(), os.urandom(size)

        async def chunks() -> Any:
            yield content

        await put_stream(self._bucket, object_key(self._scope.site_id, "files", UploadId(upload_id)), chunks())
        await self._add(
            "files",
            name=name,
            content_type="text/plain",
            size=size,
            sha256=hashlib.sha256(content).digest(),
            status="stored",
            upload_id=upload_id,
            owner_id=owner,
            project_id=project,
        )

    async def _retention(self, user: UUID) -> None:
        """And something in the history that was changed and deleted."""
        schema = self._scope.schema.name
        async with self._connection.transaction():
            await self._connection.execute("select set_config('app.retention', 'on', true)")
            await self._add(
                "history_retention",
                id=UUID(int=0),
                is_entity=False,
                created_at=None,
                kept_since=datetime.now(UTC) - timedelta(days=60),
            )
        await self._connection.execute("select set_config('app.actor_label', $1, false)", ODD[9])
        for text in ODD:
            await self._connection.execute(f'update "{schema}".users set last_name = $1 where id = $2', text, user)
        await self._connection.execute(f'delete from "{schema}".grants where resource = $1', "tasks")

    async def _add(self, table: str, *, is_entity: bool = True, **values: Any) -> UUID:
        now = self._random.choice([LONG_AGO, FAR, datetime.now(UTC)])
        made = {"created_at": now} | ({"updated_at": now, "version": 2**31 - 1} if is_entity else {})
        row = {"id": uuid4(), **made, **values}
        if row["created_at"] is None:
            del row["created_at"]
        names, places = ", ".join(row), ", ".join(f"${n}" for n in range(1, len(row) + 1))
        into = f'"{self._scope.schema.name}".{table} ({names})'
        await self._connection.execute(f"insert into {into} values ({places})", *row.values())
        return UUID(str(row["id"]))

    def _words(self) -> str:
        """Any letters that PostgreSQL takes: all but NUL and surrogates."""
        points = (
            self._random.choice([self._random.randint(1, 0xD7FF), self._random.randint(0xE000, 0x10FFFF)])
            for _ in range(40)
        )
        return "".join(map(chr, points))


async def rows_of(connection: asyncpg.Connection, schema: str) -> dict[str, list[str]]:
    tables = await connection.fetch("select tablename from pg_tables where schemaname = $1", schema)
    found = {}
    for table in tables:
        name = table["tablename"]
        rows = await connection.fetch(f'select to_jsonb(r)::text as row from "{schema}"."{name}" r')
        found[name] = sorted(json.dumps(json.loads(one["row"])) for one in rows)
    return found
