from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from application.shared.mail import Mail
from application.shared.ports import NewId

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
"""Names and messages come from anybody: in HTML they are escaped, always."""


class Letterhead:
    """What all mails have in common. `public_url` is where the platform is reached; sites are reached by the same
    scheme and port.
    """

    def __init__(self, public_url: str, new_id: NewId) -> None:
        self.public_url = public_url.rstrip("/")
        self._new_id = new_id

    def origin(self, host: str) -> str:
        """Of another host, which may be of somebody's choice; scheme and port are not."""
        parts = urlsplit(self.public_url)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{host}{port}"

    def mail(self, kind: str, to: str, subject: str, **facts: Any) -> Mail:
        """From the templates of this kind, as text and as HTML."""
        return Mail(
            id=self._new_id(),
            kind=kind,
            to=to,
            subject=subject,
            text=_TEMPLATES.get_template(f"{kind}.txt").render(facts),
            html=_TEMPLATES.get_template(f"{kind}.html").render(facts),
        )
