"""What is on the wire: `{"v":1,"job":"<uuid>"}`. A later form gets another number, and this release keeps it unread."""

import json
from typing import Final
from uuid import UUID

from domain.jobs.job import JobId

_FORM: Final = 1


class UnreadableMessageError(ValueError):
    """None of ours, or of a newer release."""


def write_message(job_id: JobId) -> str:
    return json.dumps({"v": _FORM, "job": str(job_id)}, separators=(",", ":"))


def read_message(body: bytes | str) -> JobId:
    """Raise `UnreadableMessageError`."""
    try:
        message = json.loads(body)
        if message["v"] != _FORM or message.keys() != {"v", "job"}:
            raise UnreadableMessageError("a message of another form")
        return JobId(UUID(message["job"]))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableMessageError("no message about a job") from error
