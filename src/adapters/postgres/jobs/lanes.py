"""Who waits in a queue, without reading all that waits."""

from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, Integer, Text, and_, bindparam, func, literal_column, select, true
from sqlalchemy.orm import aliased

from adapters.postgres.jobs.rows import JobRow, lane
from domain.jobs.job import JobStatus

QUEUE: Final = bindparam("queue", type_=Text)
_ONE: Final = literal_column("1", Integer)
"""In the text, not beside it: a plan for any number of rows would sort them all."""


def status_in(job: Any, *statuses: JobStatus) -> ColumnElement[bool]:
    """In words that the partial indexes are made with."""
    result: ColumnElement[bool] = job.status.in_([literal_column(f"'{status}'", Text) for status in statuses])
    return result


def waits(job: Any) -> ColumnElement[bool]:
    return and_(job.queue == QUEUE, status_in(job, JobStatus.PENDING, JobStatus.FAILED))


def underway(job: Any) -> ColumnElement[bool]:
    return and_(job.queue == QUEUE, status_in(job, JobStatus.QUEUED, JobStatus.RUNNING))


def lanes(condition: ColumnElement[bool]) -> CTE:
    """Each site with something that waits, and since when its first one is or will be due; nobody without `condition`.

    A loose index scan: it jumps from site to site, however much waits for each.
    """
    first, following = aliased(JobRow), aliased(JobRow)
    of_first, of_following = lane(first.site_id), lane(following.site_id)
    start = (
        select(of_first.label("lane"), first.run_at.label("head"))
        .where(waits(first), condition)
        .order_by(of_first, first.run_at)
        .limit(_ONE)
    )
    found = start.cte("lanes", recursive=True)
    step = (
        select(of_following.label("lane"), following.run_at.label("head"))
        .where(waits(following), of_following > found.c.lane)
        .order_by(of_following, following.run_at)
        .limit(_ONE)
        .lateral("following")
    )
    return found.union_all(select(step.c.lane, step.c.head).select_from(found.join(step, true())))


def room_of(window: ColumnElement[int], counted: CTE) -> Any:
    return select(func.greatest(window - func.coalesce(func.sum(counted.c.queued), 0), 0).label("jobs")).cte("room")
