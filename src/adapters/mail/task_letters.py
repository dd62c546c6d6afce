from urllib.parse import urlencode

from adapters.mail.letterhead import Letterhead
from application.identity.user_views import UserView
from application.shared.mail import Mail
from application.tasks.notices import TaskLetters
from application.tasks.views import TaskView


class TemplateTaskLetters(TaskLetters):
    """The mails of the site at `host`, from the templates beside this."""

    def __init__(self, head: Letterhead, host: str) -> None:
        self._head = head
        self._host = host

    def assigned(self, user: UserView, task: TaskView, *, by: str) -> Mail:
        return self._head.mail(
            "assignment",
            user.email,
            f"A task for you: {task.title}",
            host=self._host,
            by=by,
            username=user.username,
            title=task.title,
            priority=task.priority.value,
            due_date=task.due_date.isoformat() if task.due_date else "",
            link=f"{self._head.origin(self._host)}/api/tasks/{task.id}/",
        )

    def imported(self, user: UserView, number: int, *, by: str) -> Mail:
        tasks = "1 task" if number == 1 else f"{number} tasks"
        return self._head.mail(
            "import",
            user.email,
            f"{tasks} for you on {self._host}",
            host=self._host,
            by=by,
            username=user.username,
            tasks=tasks,
            link=f"{self._head.origin(self._host)}/api/tasks/?{urlencode({'assignee': user.id})}",
        )
