import asyncio
import shutil
from collections.abc import Iterator, Sequence

import asyncpg
import click

from adapters.crypto.keyring import InvalidKeyError
from adapters.embedded.errors import EmbeddedError
from adapters.mail.smtp import SmtpMailer
from adapters.pgtools.programs import newest_tools, require_fit
from adapters.postgres.components import PostgresHealthBoard
from adapters.postgres.health import database_problem
from adapters.postgres.pool import FAILURES, open_pool
from adapters.postgres.session import ScopedSession
from adapters.ratelimit.login_throttle import LoginLimits, RateLimiter
from adapters.s3.address import read_address
from adapters.s3.bucket import open_bucket
from adapters.s3.probe import probe
from application.backups.schema_ports import DumpToolsError
from application.health.ports import ComponentHealth
from application.jobs.transport import BrokerUnavailableError
from domain.tenancy.scope import PlatformScope
from entrypoints.addresses import mail_folder_of, sender_of
from entrypoints.broker_problems import broker_scheme
from entrypoints.cli.console import Steps, UserError, out
from entrypoints.cli.embedded import database, storage
from entrypoints.cli.trail import operator_label, operator_trail
from entrypoints.environment import SettingsError, load_settings
from entrypoints.identifiers import now
from entrypoints.settings import Settings
from entrypoints.signing_keys import load_keyring
from entrypoints.stores.backups import direct_url, tool_folders
from entrypoints.stores.broker import open_broker


@click.command()
def doctor() -> None:
    """Check settings and every component, and say what to do. Exit with 1 if anything is wrong."""
    try:
        settings = load_settings()
    except SettingsError as error:
        for problem in error.problems:
            _tell("settings", problem)
        raise UserError("the settings cannot be used; nothing else was checked") from error
    _tell("settings", "", f"{settings.environment}")
    probed: list[ComponentHealth] = []
    problems = sum(_tell(name, problem, fine) for name, problem, fine in _checks(settings, probed))
    for health in probed:
        out.print(_told(health))
    if problems:
        raise UserError(f"{problems} of the checks failed")


def _checks(settings: Settings, probed: list[ComponentHealth]) -> Iterator[tuple[str, str, str]]:
    """Name, problem (empty if there is none), and what is well; `probed` gets what the database knows of the others."""
    yield "signing keys", _keys(settings), "readable"
    yield "folder", _folder(settings), str(settings.home)
    problem, found = _database(settings)
    probed += found
    yield "database", problem, (settings.database_url and "external") or "embedded"
    yield "backups", _backups(settings), "pg_dump and pg_restore fit the database"
    limiter = RateLimiter(settings.cache_url, LoginLimits())
    cache = asyncio.run(limiter.problem())
    hint = f"TARUVI_CACHE_URL {cache}: start Redis or mend the address" if cache else ""
    yield "cache", hint, (settings.cache_url and "external") or "in each process"
    yield "storage", _storage(settings), (settings.storage_url and "external") or "embedded"
    broker, kept = _broker(settings)
    yield "broker", broker, f"{broker_scheme(settings.broker_url)}{kept}"
    yield "mail", _mail(settings), (settings.mail_url and "external") or f"files in {mail_folder_of(settings)}"


def _keys(settings: Settings) -> str:
    try:
        load_keyring(settings)
    except (InvalidKeyError, OSError) as error:
        return f"{error}; `taruvi keys new` makes one"
    return ""


def _folder(settings: Settings) -> str:
    if settings.database_url and settings.storage_url:
        return ""
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(settings.home).free
    except OSError as error:
        return f"{error}: choose another with TARUVI_HOME"
    return "" if free > 200 << 20 else f"{settings.home} has {free >> 20} MiB left; make room"


def _mail(settings: Settings) -> str:
    if not settings.mail_url:
        return ""
    problem = asyncio.run(SmtpMailer(settings.mail_url, sender_of(settings), now).problem())
    return problem and f"{problem}: check TARUVI_MAIL_URL and that the server takes mail from here over TLS"


def _told(health: ComponentHealth) -> str:
    """What the schedule `probe-components` found out last. It fails nothing: we asked ourselves."""
    state = health.problem or "ok"
    return f"  last probe, {health.checked_at:%F %T} UTC: {health.component}: {state}, since {health.since:%F %T} UTC"


def _database(settings: Settings) -> tuple[str, Sequence[ComponentHealth]]:
    """What is wrong with it; and, where nothing is, what it knows of the components."""

    async def ask(url: str) -> tuple[str, Sequence[ComponentHealth]]:
        pool = await open_pool(url, size=2, statements=10, name="taruvi doctor")
        try:
            if problem := await database_problem(pool):
                return problem, ()
            trail = operator_trail(operator_label())
            return "", await PostgresHealthBoard(ScopedSession(pool, PlatformScope(), lambda: trail)).all()
        finally:
            await pool.close()

    try:
        with database(settings, Steps()) as found:
            return asyncio.run(ask(found.database_url))
    except EmbeddedError as error:
        return str(error), ()
    except FAILURES as error:
        return f"{error or type(error).__name__}: check TARUVI_DATABASE_URL and that it runs", ()


def _broker(settings: Settings) -> tuple[str, str]:
    """What is wrong with it; and what it keeps that nobody could read."""

    async def ask() -> int:
        async with open_broker(settings) as transport:
            return await transport.strays()

    if broker_scheme(settings.broker_url) == "postgresql":
        return "", ""
    try:
        strays = asyncio.run(ask())
    except BrokerUnavailableError as error:
        return f"{error}: check TARUVI_BROKER_URL and that it runs; jobs wait meanwhile", ""
    return "", f"; {strays} unreadable messages are kept (docs/brokers.md)" if strays else ""


def _backups(settings: Settings) -> str:
    """Empty where the database cannot be asked: that is told already."""

    async def ask(found: Settings) -> str:
        connection = await asyncpg.connect(direct_url(found), timeout=5)
        server = (await connection.fetchval("show server_version")).partition(" ")[0]
        await connection.close()
        try:
            require_fit(await newest_tools(tool_folders(found)), server)
        except DumpToolsError as error:
            return str(error)
        return ""

    try:
        with database(settings, Steps()) as found:
            return asyncio.run(ask(found))
    except (EmbeddedError, *FAILURES):
        return ""


def _storage(settings: Settings) -> str:
    async def ask(found: Settings) -> str:
        async with open_bucket(read_address(found.storage_url), part_bytes=found.storage_part_bytes) as bucket:
            return await probe(bucket)

    try:
        with storage(settings, Steps()) as found:
            problem = asyncio.run(ask(found))
    except EmbeddedError as error:
        return str(error)
    return problem and f"{problem}: check TARUVI_STORAGE_URL and what its key may do (docs/operations.md)"


def _tell(name: str, problem: str, fine: str = "") -> bool:
    out.print("✗" if problem else "✓", style="red" if problem else "green", end="")
    out.print(f" {name}: {problem or fine or 'ok'}")
    return bool(problem)
