from typing import Final

from tests.http.who_may.table import Table

SITE: Final = Table(
    title="On a site's host",
    callers={
        "anon": "is signed out",
        "away": "is an admin of another site, with the token of that one",
        "plat": "is an admin of the platform, with the token of the platform",
        "user": "is a user of the site, without any permission",
        "view": "has a grant to view the project",
        "edit": "has one to view, change and share it",
        "read": "has `projects.view` and `users.view` by a group",
        "lead": "has all that a group can give",
        "own": "owns the project",
        "adm": "is an admin of the site",
        "memb": "is a member of the site's organization who was granted the site, and entered it",
        "boss": "is an owner of that organization, and entered",
        "root": "is an admin of the platform who entered as themself",
        "mask": "is an admin of the platform who acts as the one that owns the project",
    },
    text="""
                                                       | anon away plat user view edit read lead own  adm  memb boss root mask
GET    /api/projects/                                  | 401  401  401  200  200  200  200  200  200  200  200  200  200  200
POST   /api/projects/                                  | 401  401  401  403  403  403  403  201  403  201  403  201  201  403
POST   /api/projects/ owner                            | 401  401  401  403  403  403  403  201  403  201  403  201  201  403
GET    /api/projects/{project}/                        | 401  401  401  404  200  200  200  200  200  200  404  200  200  200
GET    /api/projects/{hidden}/                         | 401  401  401  404  404  404  200  200  404  200  404  200  200  404
GET    /api/projects/{foreign}/                        | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
PATCH  /api/projects/{project}/                        | 401  401  401  404  403  200  403  200  200  200  404  200  200  200
PATCH  /api/projects/{project}/ owner                  | 401  401  401  404  403  403  403  200  200  200  404  200  200  200
PATCH  /api/projects/{hidden}/                         | 401  401  401  404  404  404  403  200  404  200  404  200  200  404
PATCH  /api/projects/{foreign}/                        | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
PUT    /api/projects/{project}/                        | 401  401  401  404  403  200  403  200  200  200  404  200  200  200
DELETE /api/projects/{project}/                        | 401  401  401  404  403  403  403  204  204  204  404  204  204  204
DELETE /api/projects/{hidden}/                         | 401  401  401  404  404  404  403  204  404  204  404  204  204  404
DELETE /api/projects/{foreign}/                        | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
GET    /api/projects/{project}/grants/                 | 401  401  401  404  200  200  200  200  200  200  404  200  200  200
GET    /api/projects/{hidden}/grants/                  | 401  401  401  404  404  404  200  200  404  200  404  200  200  404
POST   /api/projects/{project}/grants/                 | 401  401  401  404  403  201  403  201  201  201  404  201  201  201
POST   /api/projects/{project}/grants/ delete          | 401  401  401  404  403  403  403  201  201  201  404  201  201  201
POST   /api/projects/{project}/grants/ self            | 401  401  401  404  403  403  403  201  201  201  404  201  201  201
POST   /api/projects/{hidden}/grants/ self             | 401  401  401  404  404  404  403  201  404  201  404  201  201  404
GET    /api/projects/{project}/grants/{grant}/         | 401  401  401  404  200  200  404  200  200  200  404  200  200  200
DELETE /api/projects/{project}/grants/{grant}/         | 401  401  401  404  403  204  403  204  204  204  404  204  204  204
DELETE /api/projects/{busy}/                           | 401  401  401  404  404  404  403  422  422  422  404  422  422  422
DELETE /api/projects/{busy}/?with_tasks=true           | 401  401  401  404  404  404  403  204  204  204  404  204  204  204
GET    /api/dashboard/                                 | 401  401  401  200  200  200  200  200  200  200  200  200  200  200
GET    /api/tasks/                                     | 401  401  401  200  200  200  200  200  200  200  200  200  200  200
POST   /api/tasks/                                     | 401  401  401  400  403  201  403  201  201  201  400  201  201  201
POST   /api/tasks/ hidden                              | 401  401  401  400  400  400  403  201  400  201  400  201  201  400
POST   /api/tasks/bulk-status/                         | 401  401  401  200  200  200  200  200  200  200  200  200  200  200
GET    /api/tasks/{task}/                              | 401  401  401  404  200  200  200  200  200  200  404  200  200  200
GET    /api/tasks/{secret}/                            | 401  401  401  404  404  404  200  200  404  200  404  200  200  404
GET    /api/tasks/{assigned}/                          | 401  401  401  200  200  200  200  200  200  200  200  200  200  200
GET    /api/tasks/{elsewhere}/                         | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
PATCH  /api/tasks/{task}/                              | 401  401  401  404  403  200  403  200  200  200  404  200  200  200
PATCH  /api/tasks/{task}/ assignee                     | 401  401  401  404  403  200  403  200  200  200  404  200  200  200
PATCH  /api/tasks/{task}/ project                      | 401  401  401  404  403  403  403  200  200  200  404  200  200  200
PATCH  /api/tasks/{task}/ owner                        | 401  401  401  404  403  403  403  200  403  200  404  200  200  403
PATCH  /api/tasks/{secret}/                            | 401  401  401  404  404  404  403  200  404  200  404  200  200  404
PATCH  /api/tasks/{assigned}/                          | 401  401  401  403  403  403  403  200  403  200  403  200  200  403
PATCH  /api/tasks/{assigned}/ status                   | 401  401  401  200  200  200  200  200  200  200  200  200  200  200
PATCH  /api/tasks/{elsewhere}/                         | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
PUT    /api/tasks/{task}/                              | 401  401  401  404  403  200  403  200  200  200  404  200  200  200
DELETE /api/tasks/{task}/                              | 401  401  401  404  403  403  403  204  204  204  404  204  204  204
DELETE /api/tasks/{assigned}/                          | 401  401  401  403  403  403  403  204  403  204  403  204  204  403
DELETE /api/tasks/{elsewhere}/                         | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
GET    /api/tasks/{task}/grants/                       | 401  401  401  404  200  200  200  200  200  200  404  200  200  200
GET    /api/tasks/{assigned}/grants/                   | 401  401  401  200  200  200  200  200  200  200  200  200  200  200
POST   /api/tasks/{task}/grants/                       | 401  401  401  404  403  201  403  201  201  201  404  201  201  201
POST   /api/tasks/{task}/grants/ delete                | 401  401  401  404  403  403  403  201  201  201  404  201  201  201
POST   /api/tasks/{assigned}/grants/ self              | 401  401  401  403  403  403  403  201  403  201  403  201  201  403
GET    /api/tasks/{task}/grants/{lent}/                | 401  401  401  404  404  200  404  200  200  200  404  200  200  200
DELETE /api/tasks/{task}/grants/{lent}/                | 401  401  401  404  403  204  403  204  204  204  404  204  204  204
GET    /api/tasks/{task}/history/                      | 401  401  401  404  200  200  200  200  200  200  404  200  200  200
GET    /api/tasks/{secret}/history/                    | 401  401  401  404  404  404  200  200  404  200  404  200  200  404
GET    /api/tasks/{assigned}/history/                  | 401  401  401  200  200  200  200  200  200  200  200  200  200  200
GET    /api/tasks/{elsewhere}/history/                 | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
GET    /api/tasks/{dropped}/history/                   | 401  401  401  404  404  404  200  200  404  200  404  200  200  404
GET    /api/tasks/{dropped}/?as_of={before}            | 401  401  401  404  404  404  200  200  404  200  404  200  200  404
GET    /api/tasks/{task}/history/{tasks}/              | 401  401  401  404  200  200  200  200  200  200  404  200  200  200
POST   /api/tasks/{task}/history/{tasks}/revert/       | 401  401  401  404  403  200  403  200  200  200  404  200  200  200
POST   /api/tasks/{dropped}/history/{drop}/revert/     | 401  401  401  404  404  404  403  200  404  200  404  200  200  404
POST   /api/reports/                                   | 401  401  401  202  202  202  202  202  202  202  202  202  202  202
POST   /api/reports/ project                           | 401  401  401  400  202  202  202  202  202  202  400  202  202  202
POST   /api/reports/ hidden                            | 401  401  401  400  400  400  202  202  400  202  400  202  202  400
POST   /api/imports/                                   | 401  401  401  400  202  202  202  202  202  202  400  202  202  202
POST   /api/imports/ project                           | 401  401  401  400  403  202  403  202  202  202  400  202  202  202
POST   /api/imports/ hidden                            | 401  401  401  400  400  400  403  202  400  202  400  202  202  400
POST   /api/imports/ far                               | 401  401  401  400  400  400  400  400  400  400  400  400  400  400
POST   /api/imports/ pending                           | 401  401  401  400  400  400  400  400  400  400  400  400  400  400
GET    /api/files/                                     | 401  401  401  200  200  200  200  200  200  200  200  200  200  200
POST   /api/files/                                     | 401  401  401  403  403  403  403  201  403  201  403  201  201  403
POST   /api/files/ project                             | 401  401  401  400  403  201  403  201  201  201  400  201  201  201
POST   /api/files/ hidden                              | 401  401  401  400  400  400  403  201  400  201  400  201  201  400
GET    /api/files/{file}/                              | 401  401  401  404  200  200  200  200  200  200  404  200  200  200
GET    /api/files/{cellar}/                            | 401  401  401  404  404  404  200  200  404  200  404  200  200  404
GET    /api/files/{loose}/                             | 401  401  401  404  404  404  404  200  404  200  404  200  200  404
GET    /api/files/{pending}/                           | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
GET    /api/files/{far}/                               | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
PATCH  /api/files/{file}/                              | 401  401  401  404  403  200  403  200  200  200  404  200  200  200
PATCH  /api/files/{file}/ project                      | 401  401  401  404  403  403  403  200  200  200  404  200  200  200
PATCH  /api/files/{loose}/                             | 401  401  401  404  404  404  404  200  404  200  404  200  200  404
PATCH  /api/files/{far}/                               | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
DELETE /api/files/{file}/                              | 401  401  401  404  403  403  403  204  204  204  404  204  204  204
DELETE /api/files/{pending}/                           | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
DELETE /api/files/{far}/                               | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
POST   /api/files/{file}/complete/                     | 401  401  401  404  403  200  403  200  200  200  404  200  200  200
POST   /api/files/{pending}/complete/                  | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
POST   /api/files/{far}/complete/                      | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
GET    /api/files/{file}/download/                     | 401  401  401  404  302  302  302  302  302  302  404  302  302  302
GET    /api/files/{cellar}/download/                   | 401  401  401  404  404  404  302  302  404  302  404  302  302  404
GET    /api/files/{loose}/download/                    | 401  401  401  404  404  404  404  302  404  302  404  302  302  404
GET    /api/files/{pending}/download/                  | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
GET    /api/files/{far}/download/                      | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
POST   /api/files/{file}/replace/                      | 401  401  401  404  403  200  403  200  200  200  404  200  200  200
POST   /api/files/{loose}/replace/                     | 401  401  401  404  404  404  404  200  404  200  404  200  200  404
POST   /api/files/{pending}/replace/                   | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
POST   /api/files/{far}/replace/                       | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
GET    /api/files/{file}/grants/                       | 401  401  401  404  200  200  200  200  200  200  404  200  200  200
GET    /api/files/{pending}/grants/                    | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
POST   /api/files/{file}/grants/                       | 401  401  401  404  403  201  403  201  201  201  404  201  201  201
GET    /api/files/{file}/grants/{shared}/              | 401  401  401  404  404  200  404  200  200  200  404  200  200  200
DELETE /api/files/{file}/grants/{shared}/              | 401  401  401  404  403  204  403  204  204  204  404  204  204  204
POST   /api/files/{file}/grants/ delete                | 401  401  401  404  403  403  403  201  201  201  404  201  201  201
GET    /api/files/{file}/history/                      | 401  401  401  404  200  200  200  200  200  200  404  200  200  200
GET    /api/files/{cellar}/history/                    | 401  401  401  404  404  404  200  200  404  200  404  200  200  404
GET    /api/files/{pending}/history/                   | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
GET    /api/files/{far}/history/                       | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
GET    /api/files/{shredded}/history/                  | 401  401  401  404  404  404  404  200  404  200  404  200  200  404
GET    /api/files/{file}/history/{files}/              | 401  401  401  404  200  200  200  200  200  200  404  200  200  200
POST   /api/files/{file}/history/{files}/revert/       | 401  401  401  404  403  200  403  200  200  200  404  200  200  200
POST   /api/files/{shredded}/history/{shred}/revert/   | 401  401  401  404  404  404  404  422  404  422  404  422  422  404
GET    /api/jobs/                                      | 401  401  401  200  200  200  200  200  200  200  200  200  200  200
GET    /api/jobs/{job}/                                | 401  401  401  404  404  404  404  200  404  200  404  200  200  404
GET    /api/jobs/{own}/                                | 401  401  401  200  200  200  200  200  200  200  200  200  200  200
GET    /api/jobs/{inside}/                             | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
POST   /api/jobs/{job}/cancel/                         | 401  401  401  404  404  404  404  200  404  200  404  200  200  404
POST   /api/jobs/{own}/cancel/                         | 401  401  401  200  200  200  200  200  200  200  200  200  200  200
POST   /api/jobs/{inside}/cancel/                      | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
POST   /api/jobs/{over}/retry/                         | 401  401  401  404  404  404  404  200  404  200  404  200  200  404
POST   /api/jobs/{halted}/retry/                       | 401  401  401  200  200  200  200  200  200  200  200  200  200  200
POST   /api/jobs/{ceased}/retry/                       | 401  401  401  403  403  403  403  200  403  200  403  200  200  403
GET    /api/users/                                     | 401  401  401  403  403  403  200  200  403  200  403  200  200  403
POST   /api/users/                                     | 401  401  401  403  403  403  403  201  403  201  403  201  201  403
POST   /api/users/ admin                               | 401  401  401  403  403  403  403  403  403  201  403  201  201  403
GET    /api/users/{user}/                              | 401  401  401  404  404  404  200  200  404  200  404  200  200  404
GET    /api/users/{self}/                              | 401  401  401  200  200  200  200  200  200  200  200  200  200  200
GET    /api/users/{stranger}/                          | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
PATCH  /api/users/{user}/                              | 401  401  401  404  404  404  403  200  404  200  404  200  200  404
PATCH  /api/users/{user}/ admin                        | 401  401  401  404  404  404  403  403  404  200  404  200  200  404
PATCH  /api/users/{admin}/                             | 401  401  401  404  404  404  403  403  404  200  404  200  200  404
PATCH  /api/users/{self}/                              | 401  401  401  403  403  403  403  200  403  200  403  422  422  403
PATCH  /api/users/{self}/ admin                        | 401  401  401  403  403  403  403  403  403  200  403  422  422  403
PUT    /api/users/{user}/                              | 401  401  401  404  404  404  403  200  404  200  404  200  200  404
DELETE /api/users/{user}/                              | 401  401  401  404  404  404  403  204  404  204  404  204  204  404
DELETE /api/users/{admin}/                             | 401  401  401  404  404  404  403  403  404  204  404  204  204  404
DELETE /api/users/{linked}/                            | 401  401  401  404  404  404  403  403  404  422  404  422  422  404
DELETE /api/users/{self}/                              | 401  401  401  403  403  403  403  403  403  403  403  403  403  403
GET    /api/users/me/                                  | 401  401  401  200  200  200  200  200  200  200  200  200  200  200
GET    /api/profile/                                   | 401  401  401  200  200  200  200  200  200  200  200  200  200  200
PATCH  /api/profile/                                   | 401  401  401  200  200  200  200  200  200  200  422  422  403  403
PUT    /api/profile/                                   | 401  401  401  200  200  200  200  200  200  200  422  422  403  403
POST   /api/profile/change-password/                   | 401  401  401  200  200  200  200  200  200  200  422  422  403  403
GET    /api/auth/sessions/                             | 401  401  401  200  200  200  200  200  200  200  200  200  200  200
DELETE /api/auth/sessions/                             | 401  401  401  204  204  204  204  204  204  204  204  204  403  403
DELETE /api/auth/sessions/{current}/                   | 401  401  401  204  204  204  204  204  204  204  204  204  204  204
DELETE /api/auth/sessions/{session}/                   | 401  401  401  204  204  204  204  204  204  204  204  204  403  403
DELETE /api/auth/sessions/{theirs}/                    | 401  401  401  404  404  404  404  404  404  404  404  404  403  403
GET    /api/groups/                                    | 401  401  401  403  403  403  200  200  403  200  403  200  200  403
POST   /api/groups/                                    | 401  401  401  403  403  403  403  201  403  201  403  201  201  403
GET    /api/groups/{group}/                            | 401  401  401  403  403  403  200  200  403  200  403  200  200  403
PATCH  /api/groups/{group}/                            | 401  401  401  403  403  403  403  200  403  200  403  200  200  403
PUT    /api/groups/{group}/                            | 401  401  401  403  403  403  403  200  403  200  403  200  200  403
DELETE /api/groups/{group}/                            | 401  401  401  403  403  403  403  204  403  204  403  204  204  403
GET    /api/groups/{group}/members/                    | 401  401  401  403  403  403  200  200  403  200  403  200  200  403
POST   /api/groups/{group}/members/                    | 401  401  401  403  403  403  403  201  403  201  403  201  201  403
POST   /api/groups/{group}/members/ self               | 401  401  401  403  403  403  403  201  403  201  403  201  201  403
GET    /api/groups/{group}/members/{member}/           | 401  401  401  403  403  403  200  200  403  200  403  200  200  403
DELETE /api/groups/{group}/members/{member}/           | 401  401  401  403  403  403  403  204  403  204  403  204  204  403
GET    /api/projects/{project}/history/                | 401  401  401  404  200  200  200  200  200  200  404  200  200  200
GET    /api/projects/{hidden}/history/                 | 401  401  401  404  404  404  200  200  404  200  404  200  200  404
GET    /api/projects/{foreign}/history/                | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
GET    /api/projects/{gone}/history/                   | 401  401  401  404  404  404  200  200  404  200  404  200  200  404
GET    /api/projects/{gone}/?as_of={then}              | 401  401  401  404  404  404  200  200  404  200  404  200  200  404
GET    /api/projects/{project}/history/{entry}/        | 401  401  401  404  200  200  200  200  200  200  404  200  200  200
POST   /api/projects/{project}/history/{entry}/revert/ | 401  401  401  404  403  200  403  200  200  200  404  200  200  200
POST   /api/projects/{gone}/history/{end}/revert/      | 401  401  401  404  404  404  403  200  404  200  404  200  200  404
GET    /api/users/{user}/history/                      | 401  401  401  404  404  404  200  200  404  200  404  200  200  404
GET    /api/users/{self}/history/                      | 401  401  401  200  200  200  200  200  200  200  200  200  200  200
GET    /api/users/{stranger}/history/                  | 401  401  401  404  404  404  404  404  404  404  404  404  404  404
GET    /api/users/{user}/history/{users}/              | 401  401  401  404  404  404  200  200  404  200  404  200  200  404
POST   /api/users/{user}/history/{users}/revert/       | 401  401  401  404  404  404  403  200  404  200  404  200  200  404
GET    /api/groups/{group}/history/                    | 401  401  401  403  403  403  200  200  403  200  403  200  200  403
GET    /api/groups/{group}/history/{groups}/           | 401  401  401  403  403  403  200  200  403  200  403  200  200  403
POST   /api/groups/{group}/history/{groups}/revert/    | 401  401  401  403  403  403  403  200  403  200  403  200  200  403
""",
)

DOOR: Final = Table(
    title="Entering a site",
    callers={
        "anon": "has no token of the platform",
        "away": "is an admin of another site, with the token of that one",
        "lone": "is in no organization",
        "rival": "owns another organization",
        "memb": "is a member of the site's organization, without access to the site",
        "let": "is a member who was granted the site",
        "boss": "owns the site's organization",
        "root": "is an admin of the platform",
    },
    text="""
                                    | anon away lone rival memb let boss root
POST /api/auth/jwt/exchange/        | 401  401  403  403   403  200 200  200
POST /api/auth/jwt/exchange/ acting | 401  401  403  403   403  403 403  200
""",
)
