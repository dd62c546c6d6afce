from typing import Final

from application.access.grant_ports import GrantableKinds
from domain.files.file import FILES
from domain.shared.kinds import PROJECTS, TASKS

GRANTABLE: Final = GrantableKinds((PROJECTS, TASKS, FILES))
"""Every kind of object that can be granted, what others lie in too: a feature adds its own."""
