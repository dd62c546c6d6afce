"""What backups look like, for the OpenAPI document."""

from typing import Any, Final

from entrypoints.http.docs.example_values import ID, TIME, USER

BACKUP_EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "Backup": {
        "id": ID,
        "kind": "backup",
        "status": "ready",
        "revision": "0006",
        "rows": 48_211,
        "files": 318,
        "file_bytes": 912_680_550,
        "size": 7_340_032,
        "sha256": "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
        "created_at": TIME,
        "created_by": USER,
        "verified_at": TIME,
        "expires_at": TIME,
        "error": None,
    },
    "CloneSiteRequest": {"slug": "acme-staging", "name": "Acme, to try things out", "role": "staging"},
    "RestoreSiteRequest": {"backup": ID, "confirm": "acme"},
}
