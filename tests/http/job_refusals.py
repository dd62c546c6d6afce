"""How the operations on jobs and schedules are driven to what is theirs alone."""

from uuid import uuid4

from tests.http.driven_jobs import JOBS, SCHEDULES
from tests.http.driver import Driver


async def refuse_job(driver: Driver, name: str, status: int) -> bool:
    """Whether it was done here."""
    path = name.partition(" ")[2]
    if "/history" in path or status not in (403, 409, 422):
        return False
    if path.startswith(JOBS):
        await _refuse_step(driver, name, status)
        return True
    if path.startswith(SCHEDULES) and status != 403:
        await _refuse_schedule(driver, name, status)
        return True
    return False


async def _refuse_step(driver: Driver, name: str, status: int) -> None:
    """Who only may see it, a second one of its kind, and one for which the step makes no sense."""
    template, headers = name.partition(" ")[2], None
    match status:
        case 403:
            group = await driver.made("/api/groups", {"name": f"see {uuid4()}", "permissions": ["jobs.view"]})
            await driver.made(f"/api/groups/{group}/members", {"user": await driver.id_of("stranger")})
            job, headers = await driver.jobs.put(cancelled="retry" in name), await driver.signed_in(name, "stranger")
        case 409:
            unique = str(uuid4())
            job = await driver.jobs.put(cancelled=True, unique=unique)
            await driver.jobs.put(unique=unique)
        case _:
            job = await driver.jobs.put(cancelled="cancel" in name)
    await driver.send(name, path=template.replace("{job_id}", str(job.id)), headers=headers)


async def _refuse_schedule(driver: Driver, name: str, status: int) -> None:
    if status == 422:
        await driver.send(name, path=f"{SCHEDULES}/{await driver.jobs.a_built_in()}")
        return
    taken = driver.jobs.a_new_schedule()
    await driver.send(f"POST {SCHEDULES}", json=taken)
    path, body = await driver.place(name), await driver.body(name)
    if name.endswith("/run"):
        await driver.send(name, path=path)
    await driver.send(name, path=path, json=body and body | {"name": taken["name"]})
