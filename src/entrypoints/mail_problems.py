"""What can be wrong with the settings for mail and for the links in it."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

from adapters.mail.message import parse_sender

MAIL_SCHEMES: Final = ("smtp", "smtps")
WEB_SCHEMES: Final = ("https", "http")


def mail_problems(mail_url: str, mail_from: str, public_url: str) -> Iterator[str]:
    """Besides those of any address: its scheme and port. Never with the address itself: it may have a password."""
    with suppress(ValueError):  # told as a problem of any address
        mail, public = urlsplit(mail_url), urlsplit(public_url)
        if mail.scheme in MAIL_SCHEMES and not mail.hostname:
            yield "TARUVI_MAIL_URL: names no host"
        beyond = public.path.strip("/") or public.query or public.fragment or public.username
        if public.scheme in WEB_SCHEMES and (beyond or not public.hostname):
            yield "TARUVI_PUBLIC_URL: must be scheme, host and port alone"
    if mail_from:
        try:
            parse_sender(mail_from)
        except ValueError as error:
            yield f"TARUVI_MAIL_FROM: {error}"


def mail_problems_in_production(mail_url: str, public_url: str) -> Iterator[str]:
    if not mail_url:
        yield "TARUVI_MAIL_URL: production needs a mail server (smtp:// or smtps://)"
    if public_url.startswith("http://"):
        yield "TARUVI_PUBLIC_URL: links with tokens need https://"
