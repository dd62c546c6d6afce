from dataclasses import dataclass

from application.jobs.kinds import JobKinds
from application.jobs.ports import JobCodec, JobRepository
from application.shared.jobs import Jobs, P, Queued
from application.shared.ports import Clock, NewId
from application.shared.trail import Trail, TrailSource
from domain.jobs.job import Asker, Job, JobId
from domain.shared.caller import UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox(Jobs):
    """Adds jobs as rows, in the transaction that is open: the transactional outbox."""

    kinds: JobKinds
    codec: JobCodec
    jobs: JobRepository
    trail: TrailSource
    clock: Clock
    new_id: NewId

    async def add(self, use_case: type[Queued[P]], *args: P.args, **kwargs: P.kwargs) -> JobId:
        if args:
            raise TypeError("the arguments of a job are given by name")
        kind, trail, now, job_id = self.kinds.of(use_case), self.trail(), self.clock(), JobId(self.new_id())
        job = Job(
            id=job_id,
            name=kind.name,
            queue=kind.queue,
            asker=_asker(trail),
            created_at=now,
            run_at=now,
            arguments=self.codec.write(kind, job_id, kwargs),
        )
        await self.jobs.add(job)
        return job_id


def _asker(trail: Trail) -> Asker:
    return Asker(
        label=trail.actor_label,
        request_id=trail.request_id,
        user_id=UserId(trail.actor) if trail.actor else None,
        impersonator=UserId(trail.impersonator) if trail.impersonator else None,
        session_id=trail.session,
    )
