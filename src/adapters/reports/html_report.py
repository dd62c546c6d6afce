from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from adapters.reports.charts import WIDTH, readable, status_bar, week_columns, workload_bars
from application.reports.ports import ReportWriter
from application.reports.report_contents import ReportContents
from domain.tasks.task import OPEN, TaskStatus

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    enable_async=True,
)
"""Titles and names come from anybody: they are escaped, always."""
_TEMPLATES.filters["readable"] = readable
_CHUNK: Final = 1 << 16


class HtmlReport(ReportWriter):
    """One page that needs nothing else: charts are inline SVG, and no script runs. `host` is the site's."""

    content_type = "text/html"

    def __init__(self, host: str) -> None:
        self._host = host

    async def chunks(self, contents: ReportContents) -> AsyncIterator[bytes]:
        summary = await contents.summary()
        page = _TEMPLATES.get_template("report.html").generate_async(
            host=self._host,
            summary=summary,
            total=sum(summary.statuses.values()),
            open=sum(summary.statuses.get(status, 0) for status in OPEN),
            done=summary.statuses.get(TaskStatus.DONE, 0),
            width=WIDTH,
            segments=status_bar(summary.statuses),
            weeks=week_columns(summary.done_per_week),
            load=workload_bars(summary.workload),
            projects=contents.projects(),
            today=contents.terms.today,
        )
        held: list[str] = []
        size = 0
        async for piece in page:
            held.append(piece)
            size += len(piece)
            if size >= _CHUNK:
                yield "".join(held).encode()
                held, size = [], 0
        yield "".join(held).encode()
