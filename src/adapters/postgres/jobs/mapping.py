"""Between jobs and their rows."""

import re
from collections.abc import Mapping
from typing import Any, Final

import asyncpg
import msgspec

from adapters.postgres.jobs.rows import JobRow
from domain.jobs.job import Asker, Job, JobId, JobStatus, Progress, Queue

KEPT: Final = ("id", "name", "queue", "asker", "asked_by", "unique_key", "created_at")
WRITTEN: Final = (
    *("status", "attempts", "run_at", "started_at", "finished_at"),
    *("arguments", "progress", "error", "result"),
)
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
"""What PostgreSQL takes neither as text nor in JSON: one such character must not keep a job from ending."""
COLUMNS: Final = [JobRow.__table__.c[name] for name in (*KEPT, *WRITTEN)]


def to_row(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "name": job.name,
        "queue": job.queue.value,
        "asker": _json(job.asker),
        "asked_by": job.asker.user_id,
        "unique_key": job.unique,
        "created_at": job.created_at,
        **to_state(job),
    }


def to_state(job: Job) -> dict[str, Any]:
    """What changes in the life of a job."""
    return {
        "status": job.status.value,
        "attempts": job.attempts,
        "run_at": job.run_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
        "arguments": _json(job.arguments),
        "progress": to_progress(job.progress),
        "error": _storable(job.error),
        "result": None if job.result is None else _json(_storable(job.result)),
    }


def to_progress(progress: Progress) -> str:
    return _json(_storable(msgspec.to_builtins(progress)))


def to_job(record: asyncpg.Record) -> Job:
    return Job(
        id=JobId(record["id"]),
        name=record["name"],
        queue=Queue(record["queue"]),
        asker=msgspec.json.decode(record["asker"], type=Asker),
        arguments=msgspec.json.decode(record["arguments"]),
        unique=record["unique_key"],
        created_at=record["created_at"],
        status=JobStatus(record["status"]),
        attempts=record["attempts"],
        run_at=record["run_at"],
        started_at=record["started_at"],
        finished_at=record["finished_at"],
        progress=msgspec.json.decode(record["progress"], type=Progress),
        error=record["error"],
        result=msgspec.json.decode(record["result"]) if record["result"] else None,
    )


def _storable(value: Any) -> Any:
    match value:
        case str():
            return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value)
        case Mapping():
            return {_storable(name): _storable(one) for name, one in value.items()}
        case list() | tuple():
            return [_storable(one) for one in value]
    return value


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
