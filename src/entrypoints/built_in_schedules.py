"""The schedules that the platform brings. What people change of them, disabling included, is never overwritten."""

from typing import Any, Final

from application.jobs.schedules.install_schedules import BuiltInSchedules
from domain.jobs.schedule import Misfire, SchedulePlan, ScheduleScope
from entrypoints.settings import Settings


def _on_platform(name: str, job: str, **when: Any) -> SchedulePlan:
    return SchedulePlan(name=name, job=job, scope=ScheduleScope.PLATFORM, **when)


def _in_sites(name: str, job: str, *, spread: int, **when: Any) -> SchedulePlan:
    return SchedulePlan(name=name, job=job, scope=ScheduleScope.ALL_SITES, jitter_seconds=spread, **when)


_PLANS: Final = (
    _on_platform("purge-platform-sessions", "purge_sessions", cron="10 1 * * *"),
    _in_sites("purge-sessions", "purge_sessions", cron="15 1 * * *", spread=3600),
    _on_platform("purge-platform-password-resets", "purge_password_resets", cron="20 1 * * *"),
    _in_sites("purge-password-resets", "purge_password_resets", cron="25 1 * * *", spread=3600),
    _on_platform("expire-invitations", "expire_invitations", cron="5 * * * *"),
    _on_platform("purge-invitations", "purge_invitations", cron="30 1 * * *"),
    _in_sites("sweep-files", "sweep_files", cron="30 2 * * *", spread=7200),
    _on_platform("sweep-sites", "sweep_sites", cron="45 4 * * *"),
    _on_platform("purge-jobs", "purge_jobs", cron="40 3 * * *"),
    _on_platform("reverify-domains", "reverify_domains", cron="35 * * * *"),
    _in_sites("roll-up-usage", "roll_up_usage", cron="50 */6 * * *", spread=3600),
    _on_platform("back-up-sites", "back_up_sites", cron="0 0 * * *"),
    _on_platform("expire-backups", "expire_backups", cron="15 5 * * *"),
    _on_platform("settle-backups", "settle_backups", interval_seconds=60, misfire=Misfire.SKIP),
    _on_platform("probe-components", "probe_components", interval_seconds=60, misfire=Misfire.SKIP),
)

_RETENTION: Final = (
    _on_platform("retain-platform-history", "retain_history", cron="50 3 * * *"),
    _in_sites("retain-history", "retain_history", cron="55 3 * * *", spread=7200),
)


def built_in_schedules(settings: Settings) -> BuiltInSchedules:
    """By their first names, which are their keys: one that is added here is there when the next scheduler starts."""
    plans = (*_PLANS, *(_RETENTION if settings.history_retention_days else ()))
    return BuiltInSchedules({plan.name: plan for plan in plans})
