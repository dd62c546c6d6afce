from typing import Final

from domain.files.file import NoSuchFileError
from domain.shared.audited import Audited

_BYTES: Final = ("content_type", "size", "sha256")

FILE_HISTORY: Final = Audited(
    table="files",
    noun="file",
    absent=NoSuchFileError,
    shown=(
        "id",
        "name",
        *_BYTES,
        "status",
        "owner",
        "project",
        "task",
        "created_at",
        "updated_at",
        "created_by",
        "version",
    ),
    writable=("name", "project", "task"),
    together=("project", "task"),
    fixed=_BYTES,
    stays_gone="a file that was deleted does not come back: its bytes are gone, so upload it anew",
    instead="the bytes of then are gone, so upload them anew",
    stored=(("owner", "owner_id"), ("project", "project_id"), ("task", "task_id")),
)
