import secrets
import time
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import uuid_utils

_CLOCK: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562)."""
    return UUID(int=uuid_utils.uuid7().int)


def new_secret() -> str:
    """256 random bits, as 43 letters that need no quoting in a URL."""
    return secrets.token_urlsafe(32)


def new_proof() -> str:
    """The value of a TXT record that proves control over a domain."""
    return f"taruvi-verification={secrets.token_urlsafe(32)}"


def now() -> datetime:
    return datetime.now(UTC)


def uptime() -> float:
    """Seconds that never go back and, where the system can tell, go on while it is suspended."""
    return time.clock_gettime(_CLOCK)
