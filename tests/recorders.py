"""Ports that remember what they were asked, for more than one feature."""

from typing import Any

from application.shared.background import Background, P, Queued


class RecordingBackground(Background):
    """Starts nothing."""

    def __init__(self) -> None:
        self.started: list[tuple[type[Any], tuple[Any, ...]]] = []

    def start(self, use_case: type[Queued[P]], *args: P.args, **kwargs: P.kwargs) -> None:
        self.started.append((use_case, args))
