"""What work in the background looks like: jobs and schedules."""

from typing import Any, Final

from entrypoints.http.docs.example_values import ID, ROW, TIME, USER

_PROGRESS: Final = {"done": 240, "total": 960, "note": "tasks"}
_ASKER: Final = {"id": USER, "label": "ada"}
_JOB: Final[dict[str, Any]] = {
    "id": ID,
    "name": "sweep_files",
    "queue": "maintenance",
    "site": "acme-berlin",
    "status": "running",
    "attempts": 1,
    "progress": _PROGRESS,
    "run_at": TIME,
    "created_at": TIME,
    "started_at": TIME,
    "finished_at": None,
    "error": None,
    "result": None,
    "asked_by": _ASKER,
}

JOB_EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "Job": _JOB,
    "JobProgress": _PROGRESS,
    "JobAsker": _ASKER,
    "Schedule": {
        "id": ID,
        "name": "Purge at night",
        "job": "purge_jobs",
        "arguments": {},
        "scope": "platform",
        "site": None,
        "cron": "30 2 * * *",
        "time_zone": "Europe/Berlin",
        "interval_seconds": None,
        "once_at": None,
        "is_enabled": True,
        "misfire": "run_once",
        "jitter_seconds": 0,
        "is_builtin": False,
        "last_run_at": "2026-03-02T01:30:00Z",
        "next_run_at": "2026-03-03T01:30:00Z",
        "run_count": 61,
        **ROW,
    },
    "ScheduleStart": {"count": 1, "job": _JOB},
}
