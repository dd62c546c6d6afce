from dataclasses import dataclass
from typing import NewType
from uuid import UUID

UploadId = NewType("UploadId", UUID)
"""One upload of bytes, and so those bytes: each upload has a new one, a replacement too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadTerms:
    """What was announced and must arrive: `size` in bytes, `sha256` of all of them, 32 bytes."""

    content_type: str
    size: int
    sha256: bytes
