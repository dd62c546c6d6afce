from collections.abc import Mapping

from application.reports.ports import ReportWriter, ReportWriters
from application.reports.views import ReportFormat


class ChosenWriters(ReportWriters):
    """A writer for each form."""

    def __init__(self, writers: Mapping[ReportFormat, ReportWriter]) -> None:
        self._writers = writers

    def of(self, form: ReportFormat) -> ReportWriter:
        return self._writers[form]
