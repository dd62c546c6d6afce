"""What can be wrong with the settings for mail and for the links in it."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

from adapters.mail.message import parse_sender
from entrypoints.networks import wrong_url

_MAIL: Final = ("smtp", "smtps")
_WEB: Final = ("https", "http")


def mail_problems(mail_url: str, mail_from: str, public_url: str) -> Iterator[str]:
    yield from wrong_url("MAIL", mail_url, _MAIL)
    yield from wrong_url("PUBLIC", public_url, _WEB)
    with suppress(ValueError):  # told by `wrong_url`
        mail, public = urlsplit(mail_url), urlsplit(public_url)
        if mail.scheme in _MAIL and not mail.hostname:
            yield "TARUVI_MAIL_URL: names no host"
        beyond = public.path.strip("/") or public.query or public.fragment or public.username
        if public.scheme in _WEB and (beyond or not public.hostname):
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
