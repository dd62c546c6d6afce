"""The jobs that an operation is about."""

from uuid import UUID

from domain.jobs.job import Job
from domain.shared.caller import UserId
from domain.tenancy.scope import Scope
from tests.contracts.jobs.asked_jobs import a_job, put
from tests.http.who_may.scene import Makers, Scene


def job_makers(scene: Scene, here: Scope, inside: Scope) -> Makers:
    """`job`: nobody's, `own`: one that the caller asked for, `inside`: nobody's elsewhere.

    Cancelled are `over`, of nobody, and two of the caller: `halted` acts as who asked, `ceased` for the platform.
    """
    world = scene.stage.world

    async def make(scope: Scope, *, mine: bool = False, cancelled: bool = False, name: str = "make_report") -> str:
        user_id = UserId(UUID(await scene.named("self"))) if mine else None
        job: Job = a_job(world.clock(), user_id=user_id, name=name)
        await put(world, job.cancel(at=world.clock()) if cancelled else job, scope=scope)
        return str(job.id)

    return {
        "job": lambda: make(here),
        "own": lambda: make(here, mine=True),
        "inside": lambda: make(inside),
        "over": lambda: make(here, cancelled=True),
        "halted": lambda: make(here, mine=True, cancelled=True),
        "ceased": lambda: make(here, mine=True, cancelled=True, name="send_mail"),
    }
