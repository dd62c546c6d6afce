"""What settings for mail come to: where people reach us, whom mails are from, where they go that are not sent."""

from pathlib import Path

from domain.tenancy.scope import Scope, SiteScope
from entrypoints.settings import Settings


def public_url_of(settings: Settings) -> str:
    """Where people reach the platform, for links in mails: an origin, without a slash at the end."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    base = settings.base_domains[0]
    return f"https://{base}" if settings.is_production else f"http://{base}:{settings.port}"


def site_host_of(settings: Settings, scope: Scope) -> str:
    """The host that every site has, whatever domains of its own; on the platform, the platform's."""
    base = settings.base_domains[0]
    return f"{scope.slug}.{base}" if isinstance(scope, SiteScope) else base


def sender_of(settings: Settings) -> str:
    return settings.mail_from or f"Taruvi <no-reply@{settings.base_domains[0]}>"


def mail_folder_of(settings: Settings) -> Path:
    return settings.home / "mail"
