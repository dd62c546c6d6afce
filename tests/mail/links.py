"""The links that mails are about."""

import re
from urllib.parse import parse_qs, urlsplit

from application.shared.mail import Mail


def token_in(mail: Mail) -> str:
    """The token of the link in a mail."""
    return parse_qs(urlsplit(link_in(mail)).query)["token"][0]


def link_in(mail: Mail) -> str:
    found = re.search(r"^https?://\S+$", mail.text, re.MULTILINE)
    assert found, mail.text
    return found[0]
