from collections.abc import AsyncIterator
from typing import Protocol

from application.reports.report_contents import ReportContents
from application.reports.views import ReportFormat


class ReportWriter(Protocol):
    """One form that a report can have."""

    content_type: str

    def chunks(self, contents: ReportContents) -> AsyncIterator[bytes]:
        """The bytes of the file; however many tasks there are, a batch of them is held at a time."""
        ...


class ReportWriters(Protocol):
    def of(self, form: ReportFormat) -> ReportWriter: ...
