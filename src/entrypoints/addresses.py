"""What settings for mail come to: where people reach us, whom mails are from, where they go that are not sent."""

from pathlib import Path

from entrypoints.settings import Settings


def public_url_of(settings: Settings) -> str:
    """Where people reach the platform, for links in mails: an origin, without a slash at the end."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    base = settings.base_domains[0]
    return f"https://{base}" if settings.is_production else f"http://{base}:{settings.port}"


def sender_of(settings: Settings) -> str:
    return settings.mail_from or f"Taruvi <no-reply@{settings.base_domains[0]}>"


def mail_folder_of(settings: Settings) -> Path:
    return settings.home / "mail"
