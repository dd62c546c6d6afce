import re
from base64 import b64encode
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from litestar import MediaType, Request, Response

from domain.shared.errors import DomainError, InvalidError
from entrypoints.http.errors import refusal_of

_STYLE: Final = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:3rem auto;padding:0 1rem}"
    "input{display:block;font:inherit;width:100%;box-sizing:border-box;margin:0 0 1rem;padding:.4rem}"
    "button{font:inherit;padding:.4rem 1rem;margin-right:.5rem}"
    ".wrong{color:#a00}"
)
_STYLE_HASH: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()
PAGE_SECURITY_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
)
_TEMPLATES.globals["style"] = _STYLE


def page(name: str, error: DomainError | None = None, **facts: Any) -> Response[str]:
    """A page from a template, with what was wrong with the last try and the status of that."""
    refusal = refusal_of(error) if error else None
    return Response(
        _TEMPLATES.get_template(f"{name}.html").render(facts | {"problems": _problems(error)}),
        media_type=MediaType.HTML,
        status_code=refusal.status if refusal else HTTPStatus.OK,
        headers={"Content-Security-Policy": PAGE_SECURITY_POLICY} | (refusal.headers if refusal else {}),
    )


def sound(token: str) -> str:
    """The token of a link, if it looks like one of ours: nothing else gets into a page."""
    return token if _TOKEN.fullmatch(token) else ""


async def form_of(request: Request[Any, Any, Any]) -> dict[str, str]:
    """The fields of a form; what is none has no fields."""
    body = (await request.body()).decode("utf-8", "replace")
    return dict(parse_qsl(body, errors="replace"))


def _problems(error: DomainError | None) -> list[str]:
    if isinstance(error, InvalidError):
        return [f"{name.replace('_', ' ')}: {text}" for name, texts in error.details.items() for text in texts]
    return [str(error)] if error else []
