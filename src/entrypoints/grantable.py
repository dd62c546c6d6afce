from typing import Final

from application.access.grant_ports import GrantableKinds
from domain.projects.project import PROJECTS

GRANTABLE: Final = GrantableKinds((PROJECTS,))
"""Every kind of object that can be granted: a feature adds its own."""
