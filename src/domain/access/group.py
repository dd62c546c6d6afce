"""The groups of a site's users."""

from typing import NewType
from uuid import UUID

GroupId = NewType("GroupId", UUID)
