from dataclasses import dataclass
from datetime import datetime

from domain.jobs.job import Job, LeaseId
from domain.tenancy.site import SiteId


@dataclass(frozen=True, slots=True)
class StoredJob:
    """A job, and what only those who run it see of it."""

    job: Job
    site_id: SiteId | None
    lease: LeaseId | None = None
    lease_until: datetime | None = None
    steps: frozenset[str] = frozenset()
    deliveries: int = 0
