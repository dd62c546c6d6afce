"""docs/authorization.md, made from the table."""

from typing import Final

from tests.http.who_may import IN_SITE, ON_PLATFORM, PLATFORM_TABLE, SITE_TABLE, rows


def rendered() -> str:
    """docs/authorization.md."""
    parts = ["# Who may do what\n", _EXPLAINED]
    for title, table, callers in (
        ("On the platform's host", PLATFORM_TABLE, ON_PLATFORM),
        ("On a site's host", SITE_TABLE, IN_SITE),
    ):
        parts += [f"## {title}\n", "| operation | " + " | ".join(callers) + " |", "|---" * (len(callers) + 1) + "|"]
        parts += [
            f"| `{name}` | " + " | ".join(map(str, cells.values())) + " |" for name, cells in rows(table, callers)
        ]
        parts.append("")
    return "\n".join(parts)


_EXPLAINED: Final = """\
Made from the table in `tests/http/who_may.py`, every cell of which is run against the application (`just authorization`
writes it anew). 401: nobody known. 404: not for this caller to know of. 403: they may know of it, and not do this.
Everything else is allowed and answered so: a 422 in it is a rule of the business, a 400 input that names what the
caller may not know of.

On the platform: *stranger* is of no organization, *other owner* owns another one, *member* and *owner* are of the
organization that it is about, *admin* is one of the platform. In a site: *other site* is an admin of another site with
that site's token, *user* has no permission, *viewer* has a grant to view the object, *group* has `projects.view` and
`users.view` by a group, *owner* owns the object, *admin* is one of the site. From the platform:
*member* is of the organization and has access to the site, *org owner* owns the organization, *acting* is an admin of
the platform who acts as the site's admin.
"""


if __name__ == "__main__":
    print(rendered())  # noqa: T201  this is its output
