"""How custom domains look on the wire, coming in; going out they look as they are read (`DomainView`)."""

from typing import Annotated

from msgspec import Meta, Struct

from application.shared.page import Period
from application.tenancy.domains.views import DomainOrder, DomainQuery
from domain.tenancy.domain import DomainStatus
from entrypoints.http.lists import PageQuery
from entrypoints.http.projects_wire import Time
from entrypoints.http.wire import NO_NUL, in_utc

Name = Annotated[str, Meta(min_length=1, max_length=253, examples=["www.acme.example"])]
Search = Annotated[str, Meta(max_length=253, pattern=NO_NUL, description="In the name, in its ASCII form.")]


class AddDomainRequest(Struct, forbid_unknown_fields=True):
    """`domain` is a host name, in Unicode or in ASCII (IDNA)."""

    domain: Name


class DomainListQuery(PageQuery, frozen=True):
    search: Search | None = None
    status: DomainStatus | None = None
    is_primary: bool | None = None
    created_at__gte: Time | None = None
    created_at__lte: Time | None = None
    ordering: DomainOrder = DomainOrder.DOMAIN

    def as_query(self) -> DomainQuery:
        return DomainQuery(
            page=self.slice,
            search=self.search or None,
            status=self.status,
            is_primary=self.is_primary,
            created=Period(
                start=in_utc("created_at__gte", self.created_at__gte),
                end=in_utc("created_at__lte", self.created_at__lte),
            ),
            ordering=self.ordering,
        )


class DomainCheckQuery(Struct, forbid_unknown_fields=True, frozen=True):
    domain: Annotated[str, Meta(min_length=1, max_length=253, description="The host that wants a certificate.")]


class DomainCheckResponse(Struct):
    """A host at which something of ours answers."""

    domain: str
