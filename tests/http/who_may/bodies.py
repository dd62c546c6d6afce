"""A sound body of each operation that takes one; what is in braces is made when it is asked for, as in paths."""

from typing import Any, Final

from tests.http.driven_organizations import STANDING, WRITTEN

_USER: Final = {"username": "{new}", "email": "{new}@example.org", "first_name": "", "last_name": ""}


ANYWHERE: Final[dict[str, dict[str, Any]]] = {
    "POST /api/users/": _USER | {"password": "{password}"},
    "POST /api/users/ admin": _USER | {"password": "{password}", "is_admin": True},
    "PATCH /api/users/{user}/": {"first_name": "A"},
    "PATCH /api/users/{user}/ admin": {"is_admin": True},
    "PATCH /api/users/{admin}/": {"first_name": "A"},
    "PATCH /api/users/{self}/": {"first_name": "A"},
    "PATCH /api/users/{self}/ admin": {"is_admin": True},
    "PATCH /api/users/{self}/ inactive": {"is_active": False},
    "PUT /api/users/{user}/": _USER | {"is_active": True, "is_admin": False},
    "PATCH /api/profile/": {"first_name": "A"},
    "PUT /api/profile/": {"email": "{email}", "first_name": "A", "last_name": ""},
    "POST /api/profile/change-password/": {"current_password": "{password}", "new_password": "another-good-one"},
}

ON_PLATFORM: Final[dict[str, dict[str, Any]]] = ANYWHERE | {
    "POST /api/organizations/": {"name": "{new}"},
    "PATCH /api/organizations/{org}/": {"description": "A"},
    "PATCH /api/organizations/{org}/ plan": {"plan": "enterprise"},
    "PATCH /api/organizations/{org}/ limits": {"max_sites": 2000, "max_members": 2000, "max_storage_bytes": 2000},
    "PATCH /api/organizations/{org}/ standing": {"is_verified": True, "is_active": True},
    "PUT /api/organizations/{org}/": WRITTEN,
    "PUT /api/organizations/{org}/ plan": WRITTEN | {"plan": "enterprise"},
    "POST /api/organizations/{org}/members/": {"user_id": "{user}", "role": "member"},
    "POST /api/organizations/{org}/members/ self": {"user_id": "{self}", "role": "owner"},
    "PATCH /api/organizations/{org}/members/{member}/": {"title": "A"},
    "PATCH /api/organizations/{org}/members/{member}/ role": {"role": "owner"},
    "PATCH /api/organizations/{org}/members/{self}/": {"title": "A"},
    "PATCH /api/organizations/{org}/members/{self}/ up": {"role": "owner"},
    "PATCH /api/organizations/{org}/members/{self}/ down": {"role": "member"},
    "PUT /api/organizations/{org}/members/{member}/": STANDING,
    "PUT /api/organizations/{org}/members/{self}/ up": STANDING,
    "POST /api/organizations/{org}/sites/": {"name": "A", "slug": "{new}"},
    "POST /api/invitations/": {"organization": "{org}", "email": "{new}@example.org", "role": "member"},
    "POST /api/invitations/{invitation}/accept/": {"token": "{mailed}"},
    "POST /api/invitations/{invitation}/accept/ account": {
        "token": "{mailed}",
        "username": "{new}",
        "password": "{password}",
    },
    "POST /api/invitations/{invitation}/accept/ guessed": {"token": "a-guess"},
    "POST /api/invitations/{invitation}/decline/": {"token": "{mailed}"},
    "POST /api/invitations/{invitation}/decline/ guessed": {"token": "a-guess"},
    "POST /api/sites/": {"organization": "{org}", "name": "A", "slug": "{new}"},
    "PATCH /api/sites/{site}/": {"description": "A"},
    "PUT /api/sites/{site}/": {
        "name": "A",
        "description": "",
        "role": "testing",
        "settings": {},
        "is_primary": True,
    },
    "POST /api/sites/{site}/rename/": {"slug": "{new}"},
    "POST /api/sites/{site}/domains/": {"domain": "{new}.example.org"},
}

IN_SITE: Final[dict[str, dict[str, Any]]] = ANYWHERE | {
    "POST /api/projects/": {"name": "Moon"},
    "POST /api/projects/ owner": {"name": "Moon", "owner": "{user}"},
    "PATCH /api/projects/{project}/": {"name": "Mars"},
    "PATCH /api/projects/{project}/ owner": {"owner": "{user}"},
    "PATCH /api/projects/{hidden}/": {"name": "Mars"},
    "PATCH /api/projects/{foreign}/": {"name": "Mars"},
    "PUT /api/projects/{project}/": {"name": "Mars", "description": "", "status": "active", "owner": "{owner}"},
    "POST /api/projects/{project}/grants/": {"user": "{user}", "permissions": ["view"]},
    "POST /api/projects/{project}/grants/ delete": {"user": "{user}", "permissions": ["delete"]},
    "POST /api/projects/{project}/grants/ self": {"user": "{self}", "permissions": ["delete"]},
    "POST /api/projects/{hidden}/grants/ self": {"user": "{self}", "permissions": ["view"]},
    "POST /api/groups/": {"name": "{new}", "permissions": ["projects.view"]},
    "PATCH /api/groups/{group}/": {"name": "{new}"},
    "PUT /api/groups/{group}/": {"name": "{new}", "permissions": ["projects.view"]},
    "POST /api/groups/{group}/members/": {"user": "{user}"},
    "POST /api/groups/{group}/members/ self": {"user": "{self}"},
    "POST /api/auth/jwt/exchange/": {"token": "{token}"},
    "POST /api/auth/jwt/exchange/ acting": {"token": "{token}", "user": "{user}"},
}
