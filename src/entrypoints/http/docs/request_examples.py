"""What may be sent, for the OpenAPI document: one example for each body."""

from typing import Any, Final

USER: Final = "01a20722-5a10-7f3e-9c41-0d2f6f0b7a11"
TOKEN: Final = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIwMWEyMDcyMiJ9.c2lnbmF0dXJl"  # noqa: S105  nobody's: it has the form alone
SECRET: Final = "Zm9yIGV4YW1wbGUgYWxvbmU6IG5vYm9keSdzIHRva2Vu"  # noqa: S105  nobody's, too

REQUEST_EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "LogInRequest": {"username": "admin", "password": "taruvi-demo"},
    "RefreshRequest": {"refresh": TOKEN},
    "ExchangeRequest": {"token": TOKEN},
    "VerifyRequest": {"token": TOKEN},
    "ChangePasswordRequest": {"current_password": "taruvi-demo", "new_password": "a-better-one-by-far"},
    "InviteMemberRequest": {"organization": "acme", "email": "ada@example.org", "message": "Welcome to the team."},
    "AcceptInvitationRequest": {"token": SECRET, "username": "ada", "password": "a-better-one-by-far"},
    "DeclineInvitationRequest": {"token": SECRET},
    "RequestPasswordResetRequest": {"email": "ada@example.org"},
    "ResetPasswordRequest": {"token": SECRET, "password": "a-better-one-by-far"},
    "OpenProjectRequest": {"name": "Website relaunch", "description": "By the end of May."},
    "ChangeProjectRequest": {"status": "on_hold"},
    "ReplaceProjectRequest": {
        "name": "Website relaunch",
        "description": "By the end of May.",
        "status": "completed",
        "owner": USER,
    },
    "CreateOrganizationRequest": {"name": "Acme Ltd", "website": "https://acme.example"},
    "ChangeOrganizationRequest": {"description": "Everything a coyote needs."},
    "ReplaceOrganizationRequest": {
        "name": "Acme Ltd",
        "description": "Everything a coyote needs.",
        "email": "office@acme.example",
        "website": "https://acme.example",
        "phone": "",
        "address": "",
        "settings": {"locale": "en"},
    },
    "AddMemberRequest": {"user_id": USER, "role": "member"},
    "ChangeMemberRequest": {"role": "owner"},
    "ReplaceMemberRequest": {
        "role": "member",
        "title": "Head of sales",
        "department": "Sales",
        "phone": "",
        "is_active": True,
    },
    "ShareObjectRequest": {"group": "01a20722-5b33-7d10-8e52-6c1f0a9d4e21", "permissions": ["view", "change"]},
    "CreateSiteRequest": {"organization": "acme", "name": "Acme Berlin", "slug": "acme-berlin"},
    "AddDomainRequest": {"domain": "www.acme.example"},
    "CreateOrganizationSiteRequest": {"name": "Acme Berlin", "slug": "acme-berlin"},
    "ChangeSiteRequest": {"description": "For the office in Berlin.", "is_primary": True},
    "ReplaceSiteRequest": {
        "name": "Acme Berlin",
        "description": "",
        "role": "staging",
        "settings": {},
        "is_primary": False,
    },
    "RenameSiteRequest": {"slug": "acme-lisbon"},
    "CreateUserRequest": {"username": "grace", "email": "grace@example.org", "password": "a-password-of-hers"},
    "ChangeUserRequest": {"is_active": False},
    "ReplaceUserRequest": {
        "username": "grace",
        "email": "grace@example.org",
        "first_name": "Grace",
        "last_name": "Hopper",
        "is_active": True,
        "is_admin": False,
    },
    "ChangeProfileRequest": {"email": "hopper@example.org", "current_password": "taruvi-demo"},
    "ReplaceProfileRequest": {"email": "grace@example.org", "first_name": "Grace", "last_name": "Hopper"},
    "CreateGroupRequest": {"name": "Editors", "permissions": ["projects.view", "projects.change"]},
    "ChangeGroupRequest": {"permissions": ["projects.view"]},
    "ReplaceGroupRequest": {"name": "Readers", "permissions": ["projects.view"]},
    "AddGroupMemberRequest": {"user": USER},
}
