"""Ids, times and tokens that the examples of the OpenAPI document are made of."""

from typing import Any, Final

ID: Final = "01a20722-5659-704c-b35f-e8e56e7ab0c5"
USER: Final = "01a20722-5a10-7f3e-9c41-0d2f6f0b7a11"
PROJECT: Final = "01a20722-5c44-7a92-b1d7-2f8e4b6c9d03"
TOKEN: Final = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIwMWEyMDcyMiJ9.c2lnbmF0dXJl"  # noqa: S105  nobody's: it has the form alone
SECRET: Final = "Zm9yIGV4YW1wbGUgYWxvbmU6IG5vYm9keSdzIHRva2Vu"  # noqa: S105  nobody's, too
SHA256: Final = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"
TIME: Final = "2026-03-02T09:30:00Z"
SITE_DAY: Final[dict[str, Any]] = {
    "day": "2026-03-02",
    "requests": 8_211,
    "jobs": 34,
    "rows": 1_215,
    "bytes": 1_253_376,
    "files": 31,
    "file_bytes": 52_428_800,
}
ROW: Final[dict[str, Any]] = {"created_at": TIME, "updated_at": TIME, "created_by": USER, "version": 1}
