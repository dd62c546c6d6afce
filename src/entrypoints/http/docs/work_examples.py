"""What the business of a site looks like: projects, tasks, files."""

from typing import Any, Final

from entrypoints.http.docs.example_values import ID, PROJECT, ROW, SHA256, TIME, USER

_FILE: Final = {
    "id": ID,
    "name": "Plan.txt",
    "content_type": "text/plain",
    "size": 11,
    "sha256": SHA256,
    "status": "stored",
    "owner": USER,
    "project": PROJECT,
    "task": None,
    "download_url": f"http://acme.localhost:8000/api/files/{ID}/download/",
    **ROW,
}
_UPLOAD: Final = {
    "expires_at": "2026-03-02T12:30:00Z",
    "method": "PUT",
    "url": "http://127.0.0.1:9070/taruvi/…?X-Amz-Signature=…",
    "headers": {"Content-Type": "text/plain", "Content-Length": "11"},
}
_PART: Final = {
    "offset": 0,
    "size": 67_108_864,
    "method": "PUT",
    "url": "http://127.0.0.1:9070/taruvi/…?partNumber=1&X-Amz-Signature=…",
    "headers": {"Content-Length": "67108864"},
}

WORK_EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "Project": {
        "id": ID,
        "name": "Website relaunch",
        "description": "By the end of May.",
        "status": "active",
        "owner": USER,
        "task_count": 12,
        **ROW,
    },
    "Task": {
        "id": ID,
        "project": PROJECT,
        "title": "Order the paint",
        "description": "Two buckets, white.",
        "status": "done",
        "priority": "high",
        "assignee": USER,
        "due_date": "2026-03-06",
        "completed_at": TIME,
        "owner": USER,
        **ROW,
    },
    "StatusChanges": {
        "changed": 1,
        "results": [
            {"id": ID, "version": 2, "error": None},
            {
                "id": USER,
                "version": None,
                "error": {"error": "Not Found", "code": "task_not_found", "detail": "There is no such task."},
            },
        ],
    },
    "Dashboard": {
        "open": [{"status": "todo", "priority": "high", "count": 3}],
        "overdue": 1,
        "done_per_week": [{"week": "2026-W10", "starts_on": "2026-03-02", "count": 5}],
        "workload": [{"assignee": USER, "open": 2, "overdue": 1}, {"assignee": None, "open": 1, "overdue": 0}],
    },
    "File": _FILE,
    "BegunFile": {**_FILE, "status": "pending", "download_url": None, "upload": _UPLOAD},
    "Upload": _UPLOAD,
    "Download": {"url": "http://127.0.0.1:9070/taruvi/…?X-Amz-Signature=…"},
    "Part": _PART,
    "SiteFiles": {"count": 31, "bytes": 52_428_800},
}
