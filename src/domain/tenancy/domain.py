from enum import StrEnum


class DomainStatus(StrEnum):
    """`pending` until its TXT record was seen; `failed` when it was looked for and was not there."""

    PENDING = "pending"
    VERIFIED = "verified"
    FAILED = "failed"
