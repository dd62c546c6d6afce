"""What a use case finds around itself when it runs as a job: the scope, the caller and the trail of who asked."""

from dishka import Provider, from_context, provide
from dishka import Scope as Lifetime

from application.jobs.kinds import JobKinds
from application.jobs.ports import RunningJob
from application.jobs.standing import JobStanding
from application.shared.jobs import JobHere, Progress
from application.shared.trail import Trail, TrailSource
from domain.shared.caller import Caller
from domain.tenancy.scope import Scope


class JobRequest(Provider):
    """`RunningJob` and `Progress` are given by whoever opens the container for a job."""

    scope = Lifetime.REQUEST
    running = from_context(RunningJob, scope=Lifetime.REQUEST)
    progress = from_context(Progress, scope=Lifetime.REQUEST)
    standing = provide(JobStanding)

    @provide
    def tenant(self, running: RunningJob) -> Scope:
        return running.scope

    @provide
    def job(self, running: RunningJob) -> JobHere:
        return JobHere(running.job.id)

    @provide
    def trail(self, running: RunningJob) -> TrailSource:
        asker = running.job.asker
        trail = Trail(
            actor=asker.user_id,
            actor_label=asker.label,
            request_id=asker.request_id,
            impersonator=asker.impersonator,
            session=asker.session_id,
        )
        return lambda: trail

    @provide
    async def caller(self, running: RunningJob, kinds: JobKinds, standing: JobStanding) -> Caller:
        asker = running.job.asker
        if kinds.named(running.job.name).acts_as_asker:
            return await standing.of_asker(asker)
        return await standing.of_platform(asker)
