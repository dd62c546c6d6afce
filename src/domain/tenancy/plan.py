from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.shared.errors import RuleBrokenError

GIB: Final = 1 << 30


class PlanLimitError(RuleBrokenError):
    """The organization has as many of these as its plan allows."""

    code = "plan_limit"


class Plan(StrEnum):
    FREE = "free"
    BASIC = "basic"
    PROFESSIONAL = "professional"
    ENTERPRISE = "enterprise"


@dataclass(frozen=True, slots=True)
class Limits:
    """How many sites and members an organization may have, and how many bytes of files all its sites together."""

    sites: int
    members: int
    storage_bytes: int


LIMITS: Final = {
    Plan.FREE: Limits(2, 5, GIB),
    Plan.BASIC: Limits(5, 25, 20 * GIB),
    Plan.PROFESSIONAL: Limits(25, 250, 200 * GIB),
    Plan.ENTERPRISE: Limits(1000, 10_000, 5000 * GIB),
}
"""What each plan comes with; the platform's admins can agree on other numbers with one organization."""
