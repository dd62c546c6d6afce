"""A sound body for each operation of the table that takes one."""

from typing import Any, Final

from tests.world import PASSWORD

_ORGANIZATION: Final = ("description", "email", "website", "phone", "address")
_MEMBER: Final = ("title", "department", "phone")


def sound_body(operation: str, things: dict[str, str], name: str, slug: str) -> dict[str, Any] | None:
    """What the operation takes, of these things; `name` and `slug` are new."""
    email = f"{name}@example.org"
    organization = {"organization": things.get("org", "")}
    person = {"email": email, "first_name": "A", "last_name": ""}
    project = {"description": "", "status": "active"}
    member = dict.fromkeys(_MEMBER, "") | {"role": "member", "is_active": True}
    site = {"name": "A", "description": "", "role": "testing", "is_primary": False, "settings": {}}
    bodies: dict[str, dict[str, Any]] = {
        "POST /api/organizations/": {"name": "A"},
        "PATCH /api/organizations/{org}/": {"description": "A"},
        "PATCH /api/organizations/{org}/ plan": {"plan": "enterprise"},
        "POST /api/organizations/{org}/members/": {"user_id": things.get("user"), "role": "member"},
        "PATCH /api/organizations/{org}/members/{member}/": {"title": "A"},
        "POST /api/organizations/{org}/sites/": {"name": "A", "slug": slug},
        "POST /api/invitations/": organization | {"email": email, "role": "member"},
        "POST /api/sites/": organization | {"name": "A", "slug": slug},
        "PATCH /api/sites/{site}/": {"description": "A"},
        "POST /api/sites/{site}/rename/": {"slug": slug},
        "POST /api/sites/{site}/domains/": {"domain": f"{name}.example.org"},
        "POST /api/users/": {"username": name, "email": email, "password": PASSWORD},
        "PATCH /api/users/{user}/": {"first_name": "A"},
        "POST /api/projects/": {"name": "Moon"},
        "PATCH /api/projects/{project}/": {"name": "Mars"},
        "POST /api/projects/{project}/grants/": {"user": things.get("viewer_id"), "permissions": ["view"]},
        "POST /api/groups/": {"name": name, "permissions": ["projects.view"]},
        "PATCH /api/groups/{group}/": {"name": name},
        "POST /api/groups/{group}/members/": {"user": things.get("user")},
        "PUT /api/organizations/{org}/": dict.fromkeys(_ORGANIZATION, "") | {"name": "A", "settings": {}},
        "PUT /api/organizations/{org}/members/{member}/": member,
        "POST /api/invitations/{invitation}/accept/": {"token": things.get("token")},
        "POST /api/invitations/{invitation}/decline/": {"token": things.get("token")},
        "PUT /api/sites/{site}/": site,
        "PUT /api/users/{user}/": person | {"username": name, "is_active": True, "is_admin": False},
        "PATCH /api/profile/": {"first_name": "A"},
        "PUT /api/profile/": person | {"current_password": PASSWORD},
        "POST /api/profile/change-password/": {"current_password": PASSWORD, "new_password": f"{PASSWORD}-2"},
        "PUT /api/projects/{project}/": project | {"name": "Mars", "owner": things.get("owner_id")},
        "PUT /api/groups/{group}/": {"name": name, "permissions": ["projects.view"]},
    }
    return bodies.get(operation)
