from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.files.upload import FileId


@dataclass(frozen=True, slots=True)
class LineError:
    """Why a line makes no task: the line of the file in which the record begins, the column, and what is wrong."""

    line: int
    field: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """How many tasks were `created`, or would have been if nothing was to be written, and how many lines `failed`.

    `errors` are the first ones; all are in the file `errors_file`, a CSV file of the caller's, if there are any, and
    if the plan has room for it.
    """

    dry_run: bool
    lines: int
    created: int
    failed: int
    errors: Sequence[LineError]
    errors_file: FileId | None
    download: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportTerms:
    """What is imported, and how. `upload_id` are the bytes that the file had when the import was asked for.

    `project` is for lines that name none. `errors_file` is the id of the file of errors, if there will be one. `batch`
    is how many lines are written in one transaction: the same in every run, whatever release runs it.
    """

    file: UUID
    upload_id: UUID
    errors_file: FileId
    project: UUID | None
    delimiter: str | None
    dry_run: bool
    batch: int = 100
