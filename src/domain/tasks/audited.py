from typing import Final

from domain.shared.audited import Audited
from domain.shared.kinds import TaskNotFoundError

_WRITTEN: Final = ("project", "title", "description", "status", "priority", "assignee", "due_date")

TASK_HISTORY: Final = Audited(
    table="tasks",
    noun="task",
    absent=TaskNotFoundError,
    shown=("id", *_WRITTEN, "completed_at", "owner", "created_at", "updated_at", "created_by", "version"),
    writable=(*_WRITTEN, "owner"),
    stored=(("project", "project_id"), ("assignee", "assignee_id"), ("owner", "owner_id")),
)
