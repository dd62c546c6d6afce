"""A report and an import as clients ask for them: from the request to the file."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import msgspec
import pytest

from application.files.store import SignedRequest
from domain.jobs.job import JobId
from domain.tenancy.scope import SiteScope
from tests.http.uploading import stored
from tests.job_ends import ended
from tests.world import HttpClient, World, memory_world, token

Json = dict[str, Any]


class Client:
    """The admin of a site `acme`, signed in."""

    def __init__(self, world: World, site: SiteScope, http: HttpClient, headers: dict[str, str]) -> None:
        self._world, self._site, self._http, self._headers = world, site, http, headers

    async def post(self, path: str, **body: Any) -> Any:
        return await self._http.post(f"{self._world.host()}{path}", json=body, headers=self._headers)

    async def asked(self, path: str, **body: Any) -> Json:
        """The job, as it is told at once."""
        answer = await self.post(path, **body)
        assert answer.status_code == 202, answer.text
        job: Json = answer.json()
        assert answer.headers["location"] == f"/api/jobs/{job['id']}/"
        return job

    async def downloaded(self, path: str) -> tuple[bytes, str]:
        answer = await self._http.get(f"{self._world.host()}{path}", headers=self._headers)
        assert answer.status_code == 302, answer.text
        file = self._world.objects.send(SignedRequest(method="GET", url=answer.headers["location"]))
        return file.content, file.headers["content-disposition"]

    async def file(self, content: bytes) -> str:
        made = await stored(
            self._world, self._http, self._world.host(), self._headers, content, name="a.csv", content_type="text/csv"
        )
        return str(made["id"])

    async def number_of_tasks(self) -> int:
        answer = await self._http.get(f"{self._world.host()}/api/tasks/", headers=self._headers)
        return int(answer.json()["count"])

    async def ended(self, job: Json) -> Json:
        """What the job's row says when it has ended."""
        shown: Json = msgspec.to_builtins(await ended(self._world, self._site, JobId(UUID(job["id"]))))
        return shown


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with memory_world() as world:
        site = await world.site()
        await world.admin(site)
        async with world.http() as http:
            yield Client(world, site, http, await token(http, world.host()))


async def test_a_report_is_asked_for_followed_and_downloaded(client: Client) -> None:
    project = (await client.post("/api/projects/", name="Moon")).json()["id"]
    await client.post("/api/tasks/", project=project, title="Paint")
    job = await client.asked("/api/reports/", format="csv", project=project)
    assert (job["name"], job["queue"], job["status"], job["result"]) == ("make_report", "reports", "pending", None)
    done = await client.ended(job)
    assert (done["status"], list(done["result"])) == ("succeeded", ["file", "download"])
    content, name = await client.downloaded(done["result"]["download"])
    assert content.count(b"Paint") == 1
    assert "report-" in name


async def test_an_import_is_tried_dry_and_then_done(client: Client) -> None:
    project = (await client.post("/api/projects/", name="Moon")).json()["id"]
    file = await client.file(b"title;status\r\nPaint;done\r\n;todo\r\n")
    for dry_run, expected in ((True, 0), (False, 1)):
        job = await client.asked("/api/imports/", file=file, project=project, dry_run=dry_run)
        assert (job["name"], job["queue"]) == ("import_tasks", "tenant_tasks")
        result = (await client.ended(job))["result"]
        assert (result["dry_run"], result["lines"], result["created"], result["failed"]) == (dry_run, 2, 1, 1)
        assert result["errors"] == [{"line": 3, "field": "title", "message": "may not be blank"}]
        content, _ = await client.downloaded(result["download"])
        assert content == b"line,field,message\r\n3,title,may not be blank\r\n"
        shown = await client.ended(job)
        assert shown["progress"] == {"done": 2, "total": 2, "note": "1 made, 1 refused"}
        assert await client.number_of_tasks() == expected


@pytest.mark.parametrize(
    ("path", "body", "wrong"),
    [
        ("/api/reports/", {}, "format"),
        ("/api/reports/", {"format": "pdf"}, "format"),
        ("/api/reports/", {"format": "csv", "project": "moon"}, "project"),
        ("/api/reports/", {"format": "csv", "project": "00000000-0000-7000-8000-000000000000"}, "project"),
        ("/api/reports/", {"format": "csv", "weeks": 3}, "weeks"),
        ("/api/imports/", {}, "file"),
        ("/api/imports/", {"file": "00000000-0000-7000-8000-000000000000"}, "file"),
        ("/api/imports/", {"file": "00000000-0000-7000-8000-000000000000", "delimiter": "x"}, "delimiter"),
    ],
)
async def test_what_is_wrong_is_told_at_once(client: Client, path: str, body: Json, wrong: str) -> None:
    answer = await client.post(path, **body)
    assert (answer.status_code, list(answer.json()["details"])) == (400, [wrong])
