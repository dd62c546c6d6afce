"""The schedules that the platform brings. What people change of them, disabling included, is never overwritten."""

from typing import Final

from application.jobs.schedules.install_schedules import BuiltInSchedules

BUILT_IN: Final = BuiltInSchedules({})
