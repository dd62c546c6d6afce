"""docs/authorization.md, of the tables."""

from collections.abc import Iterator
from typing import Final

from tests.http.who_may.in_site import DOOR, SITE
from tests.http.who_may.on_platform import PLATFORM
from tests.http.who_may.table import PUBLIC, Table

TABLES: Final = (PLATFORM, SITE, DOOR)
_EXPLAINED: Final = """\
# Who may do what

Made from the tables in `tests/http/who_may/`, every cell of which is run against the application (`just authorization`
writes it anew). 401: nobody known. 404: not for this caller to know of. 403: they may know of it, and not do this.
Everything else is allowed and answered so: 409 and 422 are rules of the business, a 400 is input that names what the
caller may not know of.

Where an operation stands more than once, a word behind it says with what: `plan`, `limits`, `standing`, `role`,
`admin`, `inactive`, `assignee`, `project`, `status` and `owner` are the fields written, `up` and `down` one's own role,
`self` puts the caller in the body, `hidden` a project, `account` accepts an invitation with a new account, `guessed` is
a wrong token, `delete` passes on a permission that *edit* does not have, `acting` names a user to act as. In paths,
`{self}` is the caller, `{user}` somebody else who is no member, `{hidden}` a project that neither *own* owns nor a
grant is on, `{busy}` one with a task that *own* owns, `{foreign}` and `{stranger}` are of another organization or
another site, `{session}` is another session of the caller's, `{theirs}` one of somebody else, `{gone}` a project,
`{dropped}` a task and `{shredded}` a file that was deleted, `{left}` a member who left. *adm* opened the tasks:
`{task}` in `{project}`, `{secret}` and `{assigned}` in `{hidden}`, where `{assigned}` is the caller's to do;
`{elsewhere}` is in another site. The files are another admin's: `{file}` in `{project}`, `{cellar}` in `{secret}`,
`{loose}` in nothing, `{pending}` was not completed, `{far}` is in another site. Entries of histories are named after
what they tell of: `{end}`, `{drop}` and `{shred}` are deletions, `{planned}` what was there before other limits were
agreed.

What is not in the table of a kind of host is 404 there, whoever asks.
"""


def document() -> str:
    return "\n".join([_EXPLAINED, *(line for table in TABLES for line in _section(table)), *_public()])


def _section(table: Table) -> Iterator[str]:
    yield f"## {table.title}\n"
    yield from (f"- *{name}* {meaning}" for name, meaning in table.callers.items())
    yield f"\n| operation | {' | '.join(table.callers)} |\n{'|---' * (len(table.callers) + 1)}|"
    yield from (f"| `{row.name}` | {' | '.join(map(str, row.statuses.values()))} |" for row in table.rows)
    yield ""


def _public() -> Iterator[str]:
    yield "## Open to everybody\n"
    yield "It makes no difference who asks: what the body proves counts, and for `check` the address.\n"
    yield from (f"- `{name}`" for name in PUBLIC)
