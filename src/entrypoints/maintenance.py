"""Wiring of what the platform does for itself: what is purged, measured and looked after."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from dishka import Provider, provide, provide_all
from dishka import Scope as Lifetime

from adapters.mail.smtp import SmtpMailer
from adapters.ratelimit.login_throttle import RateLimiter
from application.audit.retain_history import HistoryRetention, RetainHistory
from application.health.ports import ComponentChecks, HealthEvents
from application.health.probe_components import ProbeComponents
from application.identity.purge_credentials import PurgePasswordResets, PurgeSessions
from application.jobs.purge_jobs import JobRetention, PurgeJobs
from application.shared.mail import Mailer
from application.tenancy.domains.recheck import DomainRecheck
from application.tenancy.domains.reverify_domains import ReverifyDomains
from application.tenancy.expire_invitations import ExpireInvitations
from application.tenancy.purge_invitations import InvitationRetention, PurgeInvitations
from application.tenancy.roll_up_usage import RollUpUsage
from entrypoints.broker_problems import broker_scheme
from entrypoints.component_checks import DatabaseCheck, StorageCheck
from entrypoints.logging import LoggedHealthEvents
from entrypoints.settings import Settings
from entrypoints.stores.broker import open_broker


class Maintenance(Provider):
    scope = Lifetime.REQUEST
    use_cases = provide_all(
        PurgeSessions,
        PurgePasswordResets,
        ExpireInvitations,
        PurgeInvitations,
        PurgeJobs,
        RetainHistory,
        DomainRecheck,
        ReverifyDomains,
        RollUpUsage,
        ProbeComponents,
    )

    @provide(scope=Lifetime.APP)
    def job_retention(self, settings: Settings) -> JobRetention:
        return JobRetention(
            done=timedelta(days=settings.job_retention_days), dead=timedelta(days=settings.dead_job_retention_days)
        )

    @provide(scope=Lifetime.APP)
    def invitation_retention(self, settings: Settings) -> InvitationRetention:
        return InvitationRetention(expired=timedelta(days=settings.invitation_retention_days))

    @provide(scope=Lifetime.APP)
    def history_retention(self, settings: Settings) -> HistoryRetention:
        days = settings.history_retention_days
        return HistoryRetention(age=timedelta(days=days) if days else None)

    @provide(scope=Lifetime.APP)
    def health_events(self) -> HealthEvents:
        return LoggedHealthEvents()

    @provide(scope=Lifetime.APP)
    def checks(
        self,
        *,
        settings: Settings,
        database: DatabaseCheck,
        storage: StorageCheck,
        limiter: RateLimiter,
        mailer: Mailer,
    ) -> ComponentChecks:
        """A component that is added says here how it is asked. Where the database is the broker, it is asked once."""
        asked: dict[str, Callable[[], Awaitable[str]]] = {
            "database": database,
            "storage": storage,
            "cache": limiter.problem,
        }
        if isinstance(mailer, SmtpMailer):
            asked["mail"] = mailer.problem
        if broker_scheme(settings.broker_url) != "postgresql":
            asked["broker"] = lambda: _broker_problem(settings)

        async def ask() -> Mapping[str, str]:
            return dict(zip(asked, await asyncio.gather(*(one() for one in asked.values())), strict=True))

        return ask


async def _broker_problem(settings: Settings) -> str:
    async with open_broker(settings) as transport:
        return await transport.problem()
