"""What the operations on jobs and schedules need to be driven."""

from itertools import count
from typing import Any, Final

from application.jobs.ports import JobRepository
from application.jobs.schedules.install_schedules import InstallSchedules
from application.shared.ports import UnitOfWork
from application.tenancy.ports import SiteDirectory
from application.tenancy.views import Destination
from domain.jobs.job import Job
from domain.tenancy.routing import SiteHost
from domain.tenancy.scope import Scope
from tests.contracts.jobs.asked_jobs import a_job
from tests.world import HttpClient, World, token

JOBS: Final = "/api/jobs"
SCHEDULES: Final = "/api/schedules"
_BASE: Final = "http://localhost"


class DrivenJobs:
    def __init__(self, world: World, client: HttpClient) -> None:
        self._world = world
        self._client = client
        self._numbers = count()

    async def place(self, template: str) -> str:
        """With a job of the site, or a schedule, that was made for it, where it names one."""
        if "{job_id}" in template:
            job = await self.put(cancelled=template.endswith("/retry"))
            template = template.replace("{job_id}", str(job.id))
        if "{schedule_id}" in template:
            answer = await self._at_platform("POST", SCHEDULES, self.a_new_schedule())
            template = template.replace("{schedule_id}", str(answer["id"]))
        return template

    async def put(self, *, cancelled: bool = False, unique: str | None = None) -> Job:
        job = a_job(self._world.clock(), unique=unique)
        if cancelled:
            job = job.cancel(at=self._world.clock())
        async with self._world.acting(await self._site()) as container, await container.get(UnitOfWork):
            assert await (await container.get(JobRepository)).add(job)
        return job

    def a_new_schedule(self) -> dict[str, Any]:
        return {"name": f"nightly {next(self._numbers)}", "job": "purge_jobs", "scope": "platform", "cron": "0 3 * * *"}

    def bodies(self) -> dict[str, dict[str, Any]]:
        new = self.a_new_schedule()
        rest: dict[str, Any] = {
            "site": None,
            "arguments": {},
            "time_zone": "UTC",
            "interval_seconds": None,
            "once_at": None,
        }
        how = {"is_enabled": True, "misfire": "skip", "jitter_seconds": 0}
        one = f"{SCHEDULES}/{{schedule_id}}"
        return {
            f"POST {SCHEDULES}": new,
            f"PATCH {one}": {"cron": "0 4 * * *"},
            f"PUT {one}": new | rest | how,
        }

    async def a_built_in(self) -> str:
        async with self._world.acting() as container:
            await (await container.get(InstallSchedules))()
        found = await self._at_platform("GET", f"{SCHEDULES}/?search=purge-jobs")
        return str(found["results"][0]["id"])

    async def _site(self) -> Scope:
        found: Destination | None = await (await self._world.container.get(SiteDirectory)).find(
            SiteHost(self._world.slug())
        )
        assert found
        return found.scope

    async def _at_platform(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        headers = await token(self._client, _BASE, f"admin-{self._world.suffix}")
        answer = await self._client.request(method, _BASE + path, json=body, headers=headers)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found
