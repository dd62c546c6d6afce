"""Wiring of schedules: how people write them, and how they are fired."""

from dishka import Provider, provide, provide_all
from dishka import Scope as Lifetime

from adapters.cron.times import CronsimTimes
from adapters.jobs.arguments import MsgspecArgumentCheck
from application.jobs.schedules.change_schedule import ChangeSchedule
from application.jobs.schedules.create_schedule import CreateSchedule
from application.jobs.schedules.delete_schedule import DeleteSchedule
from application.jobs.schedules.fan_out import FanOut
from application.jobs.schedules.fire_schedules import FireSchedules
from application.jobs.schedules.install_schedules import BuiltInSchedules, InstallSchedules
from application.jobs.schedules.ports import ArgumentCheck, CronTimes
from application.jobs.schedules.read_schedules import FindSchedule, ListSchedules, ShowSchedule
from application.jobs.schedules.rules import ScheduleRules
from application.jobs.schedules.run_schedule import RunSchedule
from entrypoints.built_in_schedules import built_in_schedules
from entrypoints.settings import Settings


class Schedules(Provider):
    scope = Lifetime.REQUEST
    use_cases = provide_all(
        ScheduleRules,
        CreateSchedule,
        ChangeSchedule,
        DeleteSchedule,
        RunSchedule,
        ListSchedules,
        ShowSchedule,
        FindSchedule,
        FanOut,
        FireSchedules,
        InstallSchedules,
    )

    @provide(scope=Lifetime.APP)
    def cron(self) -> CronTimes:
        return CronsimTimes()

    @provide(scope=Lifetime.APP)
    def arguments(self) -> ArgumentCheck:
        return MsgspecArgumentCheck()

    @provide(scope=Lifetime.APP)
    def built_in(self, settings: Settings) -> BuiltInSchedules:
        return built_in_schedules(settings)
