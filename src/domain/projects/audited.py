from typing import Final

from domain.projects.project import ProjectNotFoundError
from domain.shared.audited import Audited

PROJECT_HISTORY: Final = Audited(
    table="projects",
    noun="project",
    absent=ProjectNotFoundError,
    shown=("id", "name", "description", "status", "owner", "created_at", "updated_at", "created_by", "version"),
    writable=("name", "description", "status", "owner"),
    stored=(("owner", "owner_id"),),
)
