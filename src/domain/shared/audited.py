"""Whose history is shown. A feature whose rows have one to show declares itself here, once."""

from dataclasses import dataclass
from uuid import UUID

from domain.shared.errors import NotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """A kind of row.

    `table` is where the rows are, `noun` what people call one of them, `absent` what is raised where there is none.
    `shown` are the fields that a history tells, by the names that the resource gives them; whatever else is stored
    stays hidden, so a new column does until it is named. A change of a field in `secret` is told without values.
    `writable` are the fields that going back writes, all of `together` where it writes one of them; where one of
    `fixed` is not now what it was then, one cannot go back, and is told what to do `instead`. `stays_gone` tells why
    a deleted one is not made anew, where it is not. `stored` names the columns of fields that have another name there.
    """

    table: str
    noun: str
    shown: tuple[str, ...]
    absent: type[NotFoundError]
    writable: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    instead: str = "take the step that changes it"
    stays_gone: str = ""
    secret: tuple[str, ...] = ()
    stored: tuple[tuple[str, str], ...] = ()

    def column(self, field: str) -> str:
        return dict(self.stored).get(field, field)

    def field(self, column: str) -> str:
        return {stored: field for field, stored in self.stored}.get(column, column)

    def not_found(self, name: UUID | str) -> NotFoundError:
        """The same for what is not there and for what the caller may not know of."""
        return self.absent(f"there is no {self.noun} {name}")
