"""Ports that remember what they were asked, for more than one feature."""

from typing import Any
from uuid import uuid4

from application.shared.jobs import Jobs, P, Queued
from domain.jobs.job import JobId


class RecordingJobs(Jobs):
    """Adds nothing."""

    def __init__(self) -> None:
        self.added: list[tuple[type[Any], dict[str, Any]]] = []

    async def add(self, use_case: type[Queued[P]], *args: P.args, **kwargs: P.kwargs) -> JobId:
        self.added.append((use_case, kwargs))
        return JobId(uuid4())
