"""Who may do what: the one table, run against the real application (`test_who_may`) and rendered into the docs
(`authorization`).

A cell is the status that this kind of caller gets. 401: nobody known. 404: not for them to know of. 403: they may know,
and not do it. Anything else: allowed, and answered so.
"""

from typing import Final

ON_PLATFORM: Final = ("nobody", "stranger", "other owner", "member", "owner", "admin")
"""On the platform's host: signed out; of no organization; owner of another organization; member and owner of the
organization that it is about; admin of the platform.
"""
IN_SITE: Final = (
    "nobody",
    "other site",
    "user",
    "viewer",
    "group",
    "owner",
    "admin",
    "member",
    "org owner",
    "acting",
)
"""On a site's host: signed out; an admin of another site, with that one's token; a user without any permission; one
with a grant to view the object; one whose group has `projects.view` and `users.view`; the object's owner; an admin.
From the platform: a member of the organization with access to the site; an owner of it; an admin of the platform who
acts as the site's admin.
"""

PLATFORM_TABLE: Final = """
GET    /api/organizations/                                     | 401 200 200 200 200 200
POST   /api/organizations/                                     | 401 201 201 201 201 201
GET    /api/organizations/{org}/                               | 401 404 404 200 200 200
PUT    /api/organizations/{org}/                               | 401 404 404 403 200 200
PATCH  /api/organizations/{org}/                               | 401 404 404 403 200 200
PATCH  /api/organizations/{org}/ plan                          | 401 404 404 403 403 200
DELETE /api/organizations/{org}/?confirm={org}                 | 401 404 404 403 422 422
GET    /api/organizations/{org}/members/                       | 401 404 404 200 200 200
POST   /api/organizations/{org}/members/                       | 401 404 404 403 201 201
GET    /api/organizations/{org}/members/{member}/              | 401 404 404 200 200 200
PUT    /api/organizations/{org}/members/{member}/              | 401 404 404 403 200 200
PATCH  /api/organizations/{org}/members/{member}/              | 401 404 404 403 200 200
DELETE /api/organizations/{org}/members/{member}/              | 401 404 404 403 204 204
POST   /api/organizations/{org}/members/{member}/sites/{site}/ | 401 404 404 403 200 200
DELETE /api/organizations/{org}/members/{member}/sites/{site}/ | 401 404 404 403 204 204
GET    /api/organizations/{org}/sites/                         | 401 404 404 200 200 200
POST   /api/organizations/{org}/sites/                         | 401 404 404 403 201 201
GET    /api/invitations/                                       | 401 200 200 200 200 200
POST   /api/invitations/                                       | 401 400 400 403 201 201
GET    /api/invitations/{invitation}/                          | 401 404 404 404 200 200
DELETE /api/invitations/{invitation}/                          | 401 404 404 404 204 204
POST   /api/invitations/{invitation}/resend/                   | 401 404 404 404 422 422
POST   /api/invitations/{invitation}/accept/                   | 401 403 403 403 403 403
POST   /api/invitations/{invitation}/decline/                  | 200 200 200 200 200 200
GET    /api/sites/                                             | 401 200 200 200 200 200
POST   /api/sites/                                             | 401 400 400 403 201 201
GET    /api/sites/{site}/                                      | 401 404 404 200 200 200
PUT    /api/sites/{site}/                                      | 401 404 404 403 200 200
PATCH  /api/sites/{site}/                                      | 401 404 404 403 200 200
DELETE /api/sites/{site}/?confirm={site}                       | 401 404 404 403 204 204
POST   /api/sites/{site}/suspend/                              | 401 404 404 403 200 200
POST   /api/sites/{site}/resume/                               | 401 404 404 403 422 422
POST   /api/sites/{site}/rename/                               | 401 404 404 403 200 200
GET    /api/sites/{site}/usage/                                | 401 404 404 200 200 200
GET    /api/sites/{site}/domains/                              | 401 404 404 200 200 200
POST   /api/sites/{site}/domains/                              | 401 404 404 403 201 201
GET    /api/sites/{site}/domains/{domain}/                     | 401 404 404 200 200 200
DELETE /api/sites/{site}/domains/{domain}/                     | 401 404 404 403 204 204
POST   /api/sites/{site}/domains/{domain}/verify/              | 401 404 404 403 200 200
POST   /api/sites/{site}/domains/{domain}/primary/             | 401 404 404 403 422 422
GET    /api/users/                                             | 401 403 403 403 403 200
POST   /api/users/                                             | 401 403 403 403 403 201
GET    /api/users/{user}/                                      | 401 404 404 404 404 200
PUT    /api/users/{user}/                                      | 401 404 404 404 404 200
PATCH  /api/users/{user}/                                      | 401 404 404 404 404 200
DELETE /api/users/{user}/                                      | 401 404 404 404 404 204
GET    /api/users/me/                                          | 401 200 200 200 200 200
GET    /api/profile/                                           | 401 200 200 200 200 200
PUT    /api/profile/                                           | 401 200 200 200 200 200
PATCH  /api/profile/                                           | 401 200 200 200 200 200
POST   /api/profile/change-password/                           | 401 200 200 200 200 200
GET    /api/auth/sessions/                                     | 401 200 200 200 200 200
DELETE /api/auth/sessions/                                     | 401 204 204 204 204 204
DELETE /api/auth/sessions/{session}/                           | 401 404 404 404 404 404
GET    /api/groups/                                            | 404 404 404 404 404 404
GET    /api/projects/                                          | 404 404 404 404 404 404
"""

SITE_TABLE: Final = """
GET    /api/projects/                                          | 401 401 200 200 200 200 200 200 200 200
POST   /api/projects/                                          | 401 401 403 403 403 403 201 403 201 201
GET    /api/projects/{project}/                                | 401 401 404 200 200 200 200 404 200 200
PUT    /api/projects/{project}/                                | 401 401 404 403 403 200 200 404 200 200
PATCH  /api/projects/{project}/                                | 401 401 404 403 403 200 200 404 200 200
DELETE /api/projects/{project}/                                | 401 401 404 403 403 204 204 404 204 204
GET    /api/projects/{project}/grants/                         | 401 401 404 200 200 200 200 404 200 200
POST   /api/projects/{project}/grants/                         | 401 401 404 403 403 200 200 404 200 200
GET    /api/projects/{project}/grants/{grant}/                 | 401 401 404 200 404 200 200 404 200 200
DELETE /api/projects/{project}/grants/{grant}/                 | 401 401 404 403 403 204 204 404 204 204
GET    /api/groups/                                            | 401 401 403 403 200 403 200 403 200 200
POST   /api/groups/                                            | 401 401 403 403 403 403 201 403 201 201
GET    /api/groups/{group}/                                    | 401 401 403 403 200 403 200 403 200 200
PUT    /api/groups/{group}/                                    | 401 401 403 403 403 403 200 403 200 200
PATCH  /api/groups/{group}/                                    | 401 401 403 403 403 403 200 403 200 200
DELETE /api/groups/{group}/                                    | 401 401 403 403 403 403 204 403 204 204
GET    /api/groups/{group}/members/                            | 401 401 403 403 200 403 200 403 200 200
POST   /api/groups/{group}/members/                            | 401 401 403 403 403 403 201 403 201 201
GET    /api/groups/{group}/members/{member}/                   | 401 401 403 403 200 403 200 403 200 200
DELETE /api/groups/{group}/members/{member}/                   | 401 401 403 403 403 403 204 403 204 204
GET    /api/users/                                             | 401 401 403 403 200 403 200 403 200 200
POST   /api/users/                                             | 401 401 403 403 403 403 201 403 201 201
GET    /api/users/{user}/                                      | 401 401 404 404 200 404 200 404 200 200
PUT    /api/users/{user}/                                      | 401 401 404 404 403 404 200 404 200 200
PATCH  /api/users/{user}/                                      | 401 401 404 404 403 404 200 404 200 200
DELETE /api/users/{user}/                                      | 401 401 404 404 403 404 204 404 204 204
GET    /api/users/me/                                          | 401 401 200 200 200 200 200 200 200 200
GET    /api/profile/                                           | 401 401 200 200 200 200 200 200 200 200
PUT    /api/profile/                                           | 401 401 200 200 200 200 200 422 422 403
PATCH  /api/profile/                                           | 401 401 200 200 200 200 200 422 422 403
POST   /api/profile/change-password/                           | 401 401 200 200 200 200 200 422 422 403
GET    /api/auth/sessions/                                     | 401 401 200 200 200 200 200 200 200 200
DELETE /api/auth/sessions/                                     | 401 401 204 204 204 204 204 204 204 403
DELETE /api/auth/sessions/{session}/                           | 401 401 404 404 404 404 404 404 404 403
GET    /api/invitations/                                       | 404 404 404 404 404 404 404 404 404 404
GET    /api/sites/                                             | 404 404 404 404 404 404 404 404 404 404
GET    /api/organizations/                                     | 404 404 404 404 404 404 404 404 404 404
"""

Row = tuple[str, dict[str, int]]


def rows(table: str, callers: tuple[str, ...]) -> list[Row]:
    """Each operation, and the status for each kind of caller."""
    found = []
    for line in table.strip().splitlines():
        operation, _, cells = line.partition("|")
        statuses = [int(cell) for cell in cells.split()]
        found.append((" ".join(operation.split()), dict(zip(callers, statuses, strict=True))))
    return found
