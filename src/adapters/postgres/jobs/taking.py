"""The one statement that decides whose turn it is."""

from typing import Final

from sqlalchemy import Float, Integer, Text, and_, bindparam, cast, func, literal_column, null, or_, select, update
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from adapters.postgres.jobs.lanes import lanes, room_of, status_in, underway, waits
from adapters.postgres.jobs.rows import OF_PLATFORM, JobRow, lane
from adapters.postgres.sql import Sql
from adapters.postgres.tables import UtcTime
from adapters.postgres.tenancy.rows import OrganizationRow, SiteRow
from domain.jobs.job import JobStatus
from domain.tenancy.site import SiteStatus

_AT: Final = bindparam("at", type_=UtcTime)
_PER_SITE: Final = bindparam("per_site", type_=Integer)
_DOUBLINGS: Final = 20

_busy, _next, _free = aliased(JobRow), aliased(JobRow), aliased(JobRow)
_COUNTED: Final = (
    select(
        lane(_busy.site_id).label("lane"),
        cast(func.count(), Integer).label("jobs"),
        func.count().filter(_busy.status == literal_column("'queued'", Text)).label("queued"),
    )
    .where(underway(_busy))
    .group_by(lane(_busy.site_id))
    .cte("counted")
)
_ROOM: Final = room_of(bindparam("window", type_=Integer), _COUNTED)
_HOW_MANY: Final = cast(select(_ROOM.c.jobs).scalar_subquery(), Integer)
_LANES: Final = lanes(literal_column("0", Integer) < _HOW_MANY)
_JOBS: Final = func.coalesce(_COUNTED.c.jobs, literal_column("0", Integer))
_OPEN: Final = (
    select(_LANES.c.lane, _JOBS.label("jobs"))
    .select_from(
        _LANES.outerjoin(_COUNTED, _COUNTED.c.lane == _LANES.c.lane)
        .outerjoin(SiteRow, SiteRow.id == _LANES.c.lane)
        .outerjoin(OrganizationRow, OrganizationRow.id == SiteRow.organization_id)
    )
    .where(
        _LANES.c.head <= _AT,
        _JOBS < _PER_SITE,
        or_(_LANES.c.lane == OF_PLATFORM, and_(SiteRow.status == SiteStatus.ACTIVE.value, OrganizationRow.is_active)),
    )
    .order_by(_JOBS, _LANES.c.head)
    .limit(_HOW_MANY)
    .cte("open")
)
"""As many sites as there is room for jobs: no job of another one could come before the first ones of these."""
_TURNS: Final = (
    select(
        _next.id,
        _next.run_at,
        func.row_number().over(order_by=(_next.run_at, _next.id)).label("turn"),
    )
    .where(waits(_next), lane(_next.site_id) == _OPEN.c.lane, _next.run_at <= _AT)
    .order_by(_next.run_at, _next.id)
    .limit(_PER_SITE - _OPEN.c.jobs)
    .lateral("turns")
)
_PLACE: Final = _OPEN.c.jobs + _TURNS.c.turn
_CHOSEN: Final = (
    select(_TURNS.c.id, func.row_number().over(order_by=(_PLACE, _TURNS.c.run_at, _TURNS.c.id)).label("place"))
    .select_from(_OPEN.join(_TURNS, literal_column("true")))
    .order_by(_PLACE, _TURNS.c.run_at, _TURNS.c.id)
    .limit(_HOW_MANY)
    .cte("chosen")
)
_LOCKED: Final = (
    select(_free.id)
    .where(_free.id.in_(select(_CHOSEN.c.id)), status_in(_free, JobStatus.PENDING, JobStatus.FAILED))
    .with_for_update(skip_locked=True)
    .cte("locked")
)
_DOUBLED: Final = bindparam("patience", type_=Float) * func.power(2, func.least(JobRow.deliveries, _DOUBLINGS))
_PATIENCE: Final = func.least(_DOUBLED, bindparam("longest", type_=Float))
_TAKEN: Final = (
    update(JobRow)
    .where(JobRow.id.in_(select(_LOCKED.c.id)))
    .values(
        status=JobStatus.QUEUED.value,
        lease=null(),
        lease_until=_AT + func.make_interval(0, 0, 0, 0, 0, 0, _PATIENCE),
        deliveries=JobRow.deliveries + 1,
        version=JobRow.version + 1,
    )
    .returning(JobRow.id)
    .cte("taken")
)
_IDS: Final = (
    select(func.array_agg(aggregate_order_by(_TAKEN.c.id, _CHOSEN.c.place)))
    .select_from(_TAKEN.join(_CHOSEN, _CHOSEN.c.id == _TAKEN.c.id))
    .scalar_subquery()
)
TAKE: Final = Sql(
    select(
        _IDS.label("ids"), select(func.min(_LANES.c.head)).where(_LANES.c.head > _AT).scalar_subquery().label("next")
    )
)
