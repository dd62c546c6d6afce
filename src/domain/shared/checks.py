import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from domain.shared.errors import InvalidError

_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"(?!.*=\?)[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@(?=.{{1,189}}\Z){_LABEL}(\.{_LABEL})*")
"""At a host name, in all at most 254 characters (RFC 5321), without the beginning of an encoded word (RFC 2047)."""


class Checks:
    """Collects what is wrong, field by field, and raises once with all of it."""

    def __init__(self) -> None:
        self._problems: dict[str, list[str]] = {}
        self._refusals: list[InvalidError] = []

    def require(self, field: str, message: str, *, holds: bool) -> None:
        if not holds:
            self._problems.setdefault(field, []).append(message)

    def line(self, field: str, text: str, *, longest: int, blank: bool = False) -> None:
        """One line of text, at most `longest` characters, with something in it unless `blank`."""
        self.require(field, "may not be blank", holds=blank or bool(text.strip()))
        self.require(field, f"may have at most {longest} characters", holds=len(text) <= longest)
        self.require(field, "may have no control characters", holds=is_printable(text))

    def prose(self, field: str, text: str, *, longest: int) -> None:
        """Text of any number of lines, at most `longest` characters."""
        self.require(field, f"may have at most {longest} characters", holds=len(text) <= longest)
        self.require(
            field,
            "may have no control characters but tabs and line ends",
            holds=is_printable(re.sub(r"[\t\n\r]", " ", text)),
        )

    def email(self, field: str, text: str) -> None:
        """ASCII alone (a domain in its A-label form), so that case folds in one way wherever it is compared."""
        self.require(field, "is not an email address", holds=bool(_EMAIL.fullmatch(text)))

    @contextmanager
    def part(self) -> Iterator[None]:
        """What is refused as input inside is collected too: the rest can still be looked at."""
        try:
            yield
        except InvalidError as error:
            self._refusals.append(error)
            for field, messages in error.details.items():
                self._problems.setdefault(field, []).extend(messages)

    def done(self) -> None:
        """Raise `InvalidError` if anything was wrong; where it was one part alone, that one's own error."""
        if len(self._refusals) == 1 and self._refusals[0].details == self._problems:
            raise self._refusals[0]
        if self._problems:
            raise InvalidError(self._problems)


def is_text(text: str) -> bool:
    """Whether it can be written as UTF-8: it has no half of a surrogate pair."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def is_printable(text: str) -> bool:
    """Whether there is neither a control character nor half a surrogate pair in it."""
    return all(unicodedata.category(character) not in ("Cc", "Cs") for character in text)
