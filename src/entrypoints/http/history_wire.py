from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from application.audit.views import HistoryQuery
from application.shared.page import Period
from domain.audit.entry import Operation
from entrypoints.http.lists import PageQuery
from entrypoints.http.wire import NO_NUL, in_utc

Time = Annotated[datetime, Meta(tz=True)]


class HistoryListQuery(PageQuery, frozen=True):
    """`field` is a field of the resource that changed."""

    actor: Annotated[UUID, Meta(description="Only what this user changed.")] | None = None
    operation: Operation | None = None
    field: (
        Annotated[str, Meta(max_length=100, pattern=NO_NUL, description="Only changes of this field of the resource.")]
        | None
    ) = None
    at__gte: Time | None = None
    at__lte: Time | None = None

    def as_query(self) -> HistoryQuery:
        return HistoryQuery(
            page=self.slice,
            actor=self.actor,
            operation=self.operation,
            field=self.field,
            at=Period(start=in_utc("at__gte", self.at__gte), end=in_utc("at__lte", self.at__lte)),
        )


class AsOfQuery(Struct, forbid_unknown_fields=True, frozen=True):
    """What of the resource's own fields is looked up elsewhere (counts, names, memberships) is left out of the past."""

    as_of: (
        Annotated[
            datetime,
            Meta(
                tz=True,
                description="The resource as it was at this time, also if it was deleted since: the fields that are "
                "kept with it, without what is counted or looked up. A change counts from when its "
                "transaction began. 404 if it was not there, or nobody knows now.",
            ),
        ]
        | None
    ) = None

    @property
    def time(self) -> datetime | None:
        return in_utc("as_of", self.as_of)
