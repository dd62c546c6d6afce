"""How people are told that there is something for them to do."""

from typing import Protocol

from application.identity.user_views import UserView
from application.shared.mail import Mail
from application.tasks.views import TaskView


class TaskLetters(Protocol):
    """The mails of the site in whose name this runs. `by` is who did it, empty where that was nobody."""

    def assigned(self, user: UserView, task: TaskView, *, by: str) -> Mail:
        """That a task is the user's to do."""
        ...

    def imported(self, user: UserView, number: int, *, by: str) -> Mail:
        """That so many tasks of one import are."""
        ...
