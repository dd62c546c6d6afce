"""One form for each host name, however it was typed: lower-case ASCII, IDNA A-labels."""

import idna

from domain.shared.errors import InvalidError

_A_LABEL = "xn--"


def ascii_name(text: str) -> str | None:
    """What is not ASCII becomes A-labels (UTS 46); None if it cannot. What is ASCII may still be no host name."""
    name = text.lower()
    if name.isascii():
        return name
    try:
        return idna.encode(name, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        return None


def typed_domain(text: str) -> str:
    """A domain that somebody wants to have, with or without the root dot, in the one form that routing reads.

    Raise `InvalidError` if it is no name of IDNA 2008; whether it is a host name at all is the domain's to say.
    """
    name = ascii_name(text.removesuffix("."))
    try:
        labels = (name or "").split(".")
        is_sound = all(idna.decode(label) for label in labels if label.startswith(_A_LABEL))
    except (idna.IDNAError, UnicodeError):
        is_sound = False
    if name is None or not is_sound:
        raise InvalidError({"domain": ["is not an international domain name (IDNA 2008)"]})
    return name


def asked_domain(text: str) -> str:
    """A domain that somebody asks for, in the same form; what cannot have it stays as it is, and is nobody's."""
    return ascii_name(text.removesuffix(".")) or text
