from typing import Final

from domain.access.group import GroupNotFoundError
from domain.shared.audited import Audited

GROUP_HISTORY: Final = Audited(
    table="groups",
    noun="group",
    absent=GroupNotFoundError,
    shown=("id", "name", "permissions", "created_at", "updated_at", "created_by", "version"),
    writable=("name", "permissions"),
)
