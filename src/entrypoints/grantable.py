from typing import Final

from application.access.grant_ports import GrantableKinds
from domain.shared.kinds import PROJECTS, TASKS

GRANTABLE: Final = GrantableKinds((PROJECTS, TASKS))
"""Every kind of object that can be granted, what others lie in too: a feature adds its own."""
