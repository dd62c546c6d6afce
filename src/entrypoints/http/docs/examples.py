"""What the resources look like, for the OpenAPI document: one example for each schema that is answered."""

from typing import Any, Final

_ID: Final = "01a20722-5659-704c-b35f-e8e56e7ab0c5"
_USER: Final = "01a20722-5a10-7f3e-9c41-0d2f6f0b7a11"
_TIME: Final = "2026-03-02T09:30:00Z"
_ROW: Final = {"created_at": _TIME, "updated_at": _TIME, "created_by": _USER, "version": 1}
_TOKEN: Final = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIwMWEyMDcyMiJ9.c2lnbmF0dXJl"  # noqa: S105  nobody's: it has the form alone
_SECRET: Final = "Zm9yIGV4YW1wbGUgYWxvbmU6IG5vYm9keSdzIHRva2Vu"  # noqa: S105  nobody's, too

EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "Error": {"error": "Not Found", "code": "not_found", "detail": "There is no such project."},
    "Health": {"status": "ok", "components": {"database": "ok", "cache": "ok"}},
    "Project": {
        "id": _ID,
        "name": "Website relaunch",
        "description": "By the end of May.",
        "status": "active",
        "owner": _USER,
        **_ROW,
    },
    "Session": {
        "id": _ID,
        "created_at": _TIME,
        "last_used_at": _TIME,
        "expires_at": "2026-03-09T09:30:00Z",
        "address": "203.0.113.7",
        "user_agent": "curl/8.14.1",
        "current": True,
    },
    "Site": {
        "id": _ID,
        "slug": "acme-berlin",
        "schema_name": "acme_berlin",
        "name": "Acme Berlin",
        "description": "",
        "organization": "acme",
        "role": "production",
        "status": "active",
        "primary_domain": None,
        "url": "http://acme-berlin.localhost:8000/",
        **_ROW,
    },
    "TokenPair": {"access": _TOKEN, "refresh": _TOKEN},
    "LogInRequest": {"username": "admin", "password": "taruvi-demo"},
    "RefreshRequest": {"refresh": _TOKEN},
    "VerifyRequest": {"token": _TOKEN},
    "ChangePasswordRequest": {"current_password": "taruvi-demo", "new_password": "a-better-one-by-far"},
    "Invitation": {
        "id": _ID,
        "organization": "acme",
        "email": "ada@example.org",
        "role": "member",
        "message": "Welcome to the team.",
        "metadata": {"team": "Berlin"},
        "status": "pending",
        "invited_by": _USER,
        "accepted_by": None,
        "expires_at": "2026-03-09T09:30:00Z",
        **_ROW,
    },
    "InviteMemberRequest": {"organization": "acme", "email": "ada@example.org", "message": "Welcome to the team."},
    "AcceptInvitationRequest": {"token": _SECRET, "username": "ada", "password": "a-better-one-by-far"},
    "DeclineInvitationRequest": {"token": _SECRET},
    "RequestPasswordResetRequest": {"email": "ada@example.org"},
    "ResetPasswordRequest": {"token": _SECRET, "password": "a-better-one-by-far"},
    "OpenProjectRequest": {"name": "Website relaunch", "description": "By the end of May."},
    "ChangeProjectRequest": {"status": "on_hold"},
    "ReplaceProjectRequest": {
        "name": "Website relaunch",
        "description": "By the end of May.",
        "status": "completed",
        "owner": _USER,
    },
    "CreateSiteRequest": {"organization": "acme", "name": "Acme Berlin", "slug": "acme-berlin"},
    "RenameSiteRequest": {"slug": "acme-lisbon"},
}
