from typing import Final

from application.access.grant_ports import GrantableKinds
from domain.files.file import FILES
from domain.projects.project import PROJECTS

GRANTABLE: Final = GrantableKinds((PROJECTS, FILES))
"""Every kind of object that can be granted: a feature adds its own."""
