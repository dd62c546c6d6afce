"""Structured logs on standard output: one JSON object a line, or a readable line in development."""

import json
import logging
import sys
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any, Final, TextIO

import msgspec
import structlog

from application.health.ports import ComponentHealth, HealthEvents
from application.identity.ports import SecurityEvents
from domain.identity.entry import Visitor
from domain.identity.session import Client, Session
from domain.identity.user import User

HIDDEN: Final = "[hidden]"
_SECRETS: Final = ("password", "token", "secret", "authorization", "cookie", "refresh", "access")
_LEVELS: Final = {name: getattr(logging, name.upper()) for name in ("debug", "info", "warning", "error")}


def configure_logging(*, pretty: bool, level: str, stream: TextIO | None = None) -> None:
    """Write to `stream`, standard output if it is None."""
    stream = stream or sys.stdout
    final = _pretty(stream) if pretty else [structlog.processors.format_exc_info, _to_json]
    structlog.configure(
        processors=[*_FIRST, *final],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_FIRST, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *final],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def hide_secrets(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Whatever is named like a secret is not written, however it got into the event."""
    for key in event:
        if _is_secret(key):
            event[key] = HIDDEN
    return event


@lru_cache(maxsize=1000)
def _is_secret(key: str) -> bool:
    return any(word in key.lower() for word in _SECRETS)


_FIRST: Final[list[Any]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    hide_secrets,
]


class LoggedHealthEvents(HealthEvents):
    async def changed(self, health: ComponentHealth) -> None:
        log = structlog.get_logger("taruvi.health")
        if health.problem:
            log.error("a component does not work", component=health.component, problem=health.problem)
        else:
            log.warning("a component works again", component=health.component)


class LoggedSecurityEvents(SecurityEvents):
    async def refresh_token_reused(self, session: Session) -> None:
        structlog.get_logger("taruvi.security").warning(
            "a refresh token was used twice; its session was ended",
            session_id=str(session.id),
            user_id=str(session.user_id),
            client=session.client.address,
        )

    async def impersonation_started(self, admin: Visitor, user: User, client: Client) -> None:
        structlog.contextvars.bind_contextvars(impersonator=admin.username, impersonator_id=str(admin.id))
        structlog.get_logger("taruvi.security").warning(
            "an admin of the platform acts as a user of the site",
            user=user.username,
            user_id=str(user.id),
            client=client.address,
        )


def _pretty(stream: TextIO) -> list[Any]:
    """With plain tracebacks: the others print local variables, passwords among them."""
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain)]


def _to_json(_: object, __: str, event: MutableMapping[str, Any]) -> str:
    try:
        return msgspec.json.encode(dict(event), enc_hook=str).decode()
    except UnicodeEncodeError:  # half a surrogate pair, from a client: that one has no UTF-8
        return json.dumps(event, default=str)
