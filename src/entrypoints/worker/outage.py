from typing import Final

import structlog

from application.jobs.transport import BrokerUnavailableError
from entrypoints.database_lost import DATABASE_LOST

_log: Final = structlog.get_logger("taruvi.jobs")
_EXPECTED: Final = (BrokerUnavailableError, *DATABASE_LOST)
_SHORTEST: Final = 0.25
_LONGEST: Final = 5.0


class Outage:
    """What does not work is told once and tried again, after longer and longer pauses; and told when it works again.

    `what` is what does not go on meanwhile. A defect is told with its traceback.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._pause = 0.0

    def goes_on(self, error: Exception) -> float:
        """Seconds to wait before the next try."""
        if not self._pause:
            defect = None if isinstance(error, _EXPECTED) else error
            _log.warning(f"{self._what}: waiting", reason=repr(error), exc_info=defect)
        self._pause = min(self._pause * 2 or _SHORTEST, _LONGEST)
        return self._pause

    def is_over(self) -> None:
        if self._pause:
            _log.warning(f"{self._what}: going on")
        self._pause = 0.0
