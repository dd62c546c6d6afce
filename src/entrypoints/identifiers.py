from datetime import UTC, datetime
from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562)."""
    return UUID(int=uuid_utils.uuid7().int)


def now() -> datetime:
    return datetime.now(UTC)
