from typing import Final

from tests.http.who_may.table import Table

PLATFORM: Final = Table(
    title="On the platform's host",
    callers={
        "anon": "is signed out",
        "away": "is an admin of a site, with the token of that site",
        "lone": "is in no organization",
        "rival": "owns another organization",
        "guest": "has the address that the invitation is to",
        "memb": "is a member of the organization that it is about",
        "boss": "is an owner of that organization",
        "root": "is an admin of the platform",
    },
    text="""
                                                                          | anon away lone rival guest memb boss root
GET    /api/organizations/                                                | 401  401  200  200   200   200  200  200
POST   /api/organizations/                                                | 401  401  201  201   201   201  201  201
GET    /api/organizations/{org}/                                          | 401  401  404  404   404   200  200  200
PATCH  /api/organizations/{org}/                                          | 401  401  404  404   404   403  200  200
PATCH  /api/organizations/{org}/ plan                                     | 401  401  404  404   404   403  403  200
PATCH  /api/organizations/{org}/ limits                                   | 401  401  404  404   404   403  403  200
PATCH  /api/organizations/{org}/ standing                                 | 401  401  404  404   404   403  403  200
PUT    /api/organizations/{org}/                                          | 401  401  404  404   404   403  200  200
PUT    /api/organizations/{org}/ plan                                     | 401  401  404  404   404   403  403  200
DELETE /api/organizations/{org}/?confirm={org}                            | 401  401  404  404   404   403  204  204
GET    /api/organizations/{org}/members/                                  | 401  401  404  404   404   200  200  200
POST   /api/organizations/{org}/members/                                  | 401  401  404  404   404   403  201  201
POST   /api/organizations/{org}/members/ self                             | 401  401  404  404   404   403  409  201
GET    /api/organizations/{org}/members/{member}/                         | 401  401  404  404   404   200  200  200
GET    /api/organizations/{org}/members/{self}/                           | 401  401  404  404   404   200  200  404
GET    /api/organizations/{org}/members/{user}/                           | 401  401  404  404   404   404  404  404
PATCH  /api/organizations/{org}/members/{member}/                         | 401  401  404  404   404   403  200  200
PATCH  /api/organizations/{org}/members/{member}/ role                    | 401  401  404  404   404   403  200  200
PATCH  /api/organizations/{org}/members/{self}/                           | 401  401  404  404   404   200  200  404
PATCH  /api/organizations/{org}/members/{self}/ up                        | 401  401  404  404   404   403  200  404
PATCH  /api/organizations/{org}/members/{self}/ down                      | 401  401  404  404   404   200  403  404
PUT    /api/organizations/{org}/members/{member}/                         | 401  401  404  404   404   403  200  200
PUT    /api/organizations/{org}/members/{self}/ up                        | 401  401  404  404   404   403  200  404
DELETE /api/organizations/{org}/members/{member}/                         | 401  401  404  404   404   403  204  204
DELETE /api/organizations/{org}/members/{self}/                           | 401  401  404  404   404   204  204  404
POST   /api/organizations/{org}/members/{member}/sites/{site}/            | 401  401  404  404   404   403  200  200
POST   /api/organizations/{org}/members/{member}/sites/{foreign}/         | 401  401  404  404   404   403  404  404
POST   /api/organizations/{org}/members/{self}/sites/{site}/              | 401  401  404  404   404   403  200  404
DELETE /api/organizations/{org}/members/{member}/sites/{site}/            | 401  401  404  404   404   403  204  204
GET    /api/organizations/{org}/sites/                                    | 401  401  404  404   404   200  200  200
POST   /api/organizations/{org}/sites/                                    | 401  401  404  404   404   403  201  201
GET    /api/invitations/                                                  | 401  401  200  200   200   200  200  200
POST   /api/invitations/                                                  | 401  401  400  400   400   403  201  201
GET    /api/invitations/{invitation}/                                     | 401  401  404  404   404   404  200  200
DELETE /api/invitations/{invitation}/                                     | 401  401  404  404   404   404  204  204
POST   /api/invitations/{invitation}/resend/                              | 401  401  404  404   404   404  422  422
POST   /api/invitations/{invitation}/accept/                              | 401  401  403  403   200   403  403  403
POST   /api/invitations/{invitation}/accept/ account                      | 200  200  200  200   409   200  200  200
POST   /api/invitations/{invitation}/accept/ guessed                      | 401  401  404  404   404   404  404  404
POST   /api/invitations/{invitation}/decline/                             | 200  200  200  200   200   200  200  200
POST   /api/invitations/{invitation}/decline/ guessed                     | 404  404  404  404   404   404  404  404
GET    /api/sites/                                                        | 401  401  200  200   200   200  200  200
POST   /api/sites/                                                        | 401  401  400  400   400   403  201  201
GET    /api/sites/{site}/                                                 | 401  401  404  404   404   200  200  200
PATCH  /api/sites/{site}/                                                 | 401  401  404  404   404   403  200  200
PUT    /api/sites/{site}/                                                 | 401  401  404  404   404   403  200  200
DELETE /api/sites/{site}/?confirm={site}                                  | 401  401  404  404   404   403  204  204
POST   /api/sites/{site}/suspend/                                         | 401  401  404  404   404   403  200  200
POST   /api/sites/{suspended}/resume/                                     | 401  401  404  404   404   403  200  200
POST   /api/sites/{site}/rename/                                          | 401  401  404  404   404   403  200  200
POST   /api/sites/{site}/backup/                                          | 401  401  404  404   404   403  202  202
POST   /api/sites/{site}/archive/                                         | 401  401  404  404   404   403  202  202
POST   /api/sites/{archived}/unarchive/                                   | 401  401  404  404   404   403  202  202
POST   /api/sites/{site}/export/                                          | 401  401  404  404   404   403  202  202
POST   /api/sites/{site}/clone/                                           | 401  401  404  404   404   403  202  202
POST   /api/sites/{site}/restore/                                         | 401  401  404  404   404   403  202  202
POST   /api/sites/{site}/restore/ foreign                                 | 401  401  404  404   404   403  404  404
GET    /api/sites/{site}/backups/                                         | 401  401  404  404   404   403  200  200
GET    /api/sites/{site}/backups/{backup}/                                | 401  401  404  404   404   403  200  200
GET    /api/sites/{site}/backups/{elsewhere}/                             | 401  401  404  404   404   403  404  404
GET    /api/sites/{site}/backups/{export}/download/                       | 401  401  404  404   404   403  302  302
GET    /api/sites/{site}/backups/{backup}/download/                       | 401  401  404  404   404   403  422  422
DELETE /api/sites/{site}/backups/{backup}/                                | 401  401  404  404   404   403  204  204
DELETE /api/sites/{site}/backups/{elsewhere}/                             | 401  401  404  404   404   403  404  404
GET    /api/sites/{site}/usage/                                           | 401  401  404  404   404   200  200  200
GET    /api/sites/{site}/domains/                                         | 401  401  404  404   404   200  200  200
POST   /api/sites/{site}/domains/                                         | 401  401  404  404   404   403  201  201
GET    /api/sites/{site}/domains/{domain}/                                | 401  401  404  404   404   200  200  200
DELETE /api/sites/{site}/domains/{domain}/                                | 401  401  404  404   404   403  204  204
POST   /api/sites/{site}/domains/{domain}/verify/                         | 401  401  404  404   404   403  200  200
POST   /api/sites/{site}/domains/{domain}/primary/                        | 401  401  404  404   404   403  200  200
GET    /api/jobs/                                                         | 401  401  200  200   200   200  200  200
GET    /api/jobs/{job}/                                                   | 401  401  404  404   404   404  404  200
GET    /api/jobs/{own}/                                                   | 401  401  200  200   200   200  200  200
GET    /api/jobs/{inside}/                                                | 401  401  404  404   404   404  404  200
POST   /api/jobs/{job}/cancel/                                            | 401  401  404  404   404   404  404  200
POST   /api/jobs/{own}/cancel/                                            | 401  401  200  200   200   200  200  200
POST   /api/jobs/{inside}/cancel/                                         | 401  401  404  404   404   404  404  200
POST   /api/jobs/{over}/retry/                                            | 401  401  404  404   404   404  404  200
POST   /api/jobs/{halted}/retry/                                          | 401  401  200  200   200   200  200  200
POST   /api/jobs/{ceased}/retry/                                          | 401  401  403  403   403   403  403  200
GET    /api/schedules/                                                    | 401  401  403  403   403   403  403  200
POST   /api/schedules/                                                    | 401  401  403  403   403   403  403  201
GET    /api/schedules/{schedule}/                                         | 401  401  403  403   403   403  403  200
PATCH  /api/schedules/{schedule}/                                         | 401  401  403  403   403   403  403  200
PUT    /api/schedules/{schedule}/                                         | 401  401  403  403   403   403  403  200
DELETE /api/schedules/{schedule}/                                         | 401  401  403  403   403   403  403  204
POST   /api/schedules/{schedule}/run/                                     | 401  401  403  403   403   403  403  202
GET    /api/schedules/{schedule}/history/                                 | 401  401  403  403   403   403  403  200
GET    /api/schedules/{schedule}/history/{planned_at}/                    | 401  401  403  403   403   403  403  200
POST   /api/schedules/{schedule}/history/{planned_at}/revert/             | 401  401  403  403   403   403  403  200
GET    /api/users/                                                        | 401  401  403  403   403   403  403  200
POST   /api/users/                                                        | 401  401  403  403   403   403  403  201
POST   /api/users/ admin                                                  | 401  401  403  403   403   403  403  201
GET    /api/users/{user}/                                                 | 401  401  404  404   404   404  404  200
GET    /api/users/{self}/                                                 | 401  401  200  200   200   200  200  200
PATCH  /api/users/{user}/                                                 | 401  401  404  404   404   404  404  200
PATCH  /api/users/{user}/ admin                                           | 401  401  404  404   404   404  404  200
PATCH  /api/users/{self}/                                                 | 401  401  403  403   403   403  403  200
PATCH  /api/users/{self}/ admin                                           | 401  401  403  403   403   403  403  200
PATCH  /api/users/{self}/ inactive                                        | 401  401  403  403   403   403  403  403
PUT    /api/users/{user}/                                                 | 401  401  404  404   404   404  404  200
DELETE /api/users/{user}/                                                 | 401  401  404  404   404   404  404  204
DELETE /api/users/{self}/                                                 | 401  401  403  403   403   403  403  403
GET    /api/users/me/                                                     | 401  401  200  200   200   200  200  200
GET    /api/profile/                                                      | 401  401  200  200   200   200  200  200
PATCH  /api/profile/                                                      | 401  401  200  200   200   200  200  200
PUT    /api/profile/                                                      | 401  401  200  200   200   200  200  200
POST   /api/profile/change-password/                                      | 401  401  200  200   200   200  200  200
GET    /api/auth/sessions/                                                | 401  401  200  200   200   200  200  200
DELETE /api/auth/sessions/                                                | 401  401  204  204   204   204  204  204
DELETE /api/auth/sessions/{current}/                                      | 401  401  204  204   204   204  204  204
DELETE /api/auth/sessions/{session}/                                      | 401  401  204  204   204   204  204  204
DELETE /api/auth/sessions/{theirs}/                                       | 401  401  404  404   404   404  404  404
GET    /api/organizations/{org}/history/                                  | 401  401  404  404   404   200  200  200
GET    /api/organizations/{org}/history/{orgs}/                           | 401  401  404  404   404   200  200  200
POST   /api/organizations/{org}/history/{orgs}/revert/                    | 401  401  404  404   404   403  200  200
POST   /api/organizations/{org}/history/{planned}/revert/                 | 401  401  404  404   404   403  403  200
GET    /api/organizations/{org}/members/{member}/history/                 | 401  401  404  404   404   200  200  200
GET    /api/organizations/{org}/members/{left}/history/                   | 401  401  404  404   404   404  404  200
GET    /api/organizations/{org}/members/{member}/history/{joined}/        | 401  401  404  404   404   200  200  200
POST   /api/organizations/{org}/members/{member}/history/{joined}/revert/ | 401  401  404  404   404   403  200  200
GET    /api/invitations/{invitation}/history/                             | 401  401  404  404   404   404  200  200
GET    /api/invitations/{invitation}/history/{sent}/                      | 401  401  404  404   404   404  200  200
POST   /api/invitations/{invitation}/history/{sent}/revert/               | 401  401  404  404   404   404  422  422
GET    /api/sites/{site}/history/                                         | 401  401  404  404   404   200  200  200
GET    /api/sites/{site}/history/{sites}/                                 | 401  401  404  404   404   200  200  200
POST   /api/sites/{site}/history/{sites}/revert/                          | 401  401  404  404   404   403  200  200
GET    /api/sites/{site}/domains/{domain}/history/                        | 401  401  404  404   404   200  200  200
GET    /api/sites/{site}/domains/{domain}/history/{claimed}/              | 401  401  404  404   404   200  200  200
POST   /api/sites/{site}/domains/{domain}/history/{claimed}/revert/       | 401  401  404  404   404   422  422  422
GET    /api/users/{user}/history/                                         | 401  401  404  404   404   404  404  200
GET    /api/users/{self}/history/                                         | 401  401  200  200   200   200  200  200
GET    /api/users/{user}/history/{users}/                                 | 401  401  404  404   404   404  404  200
POST   /api/users/{user}/history/{users}/revert/                          | 401  401  404  404   404   404  404  200
""",
)
