"""How what is asked for of backups looks on the wire, coming in."""

from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from application.backups.views import BackupOrder, BackupQuery
from domain.backups.backup import BackupKind, BackupStatus
from domain.tenancy.site import SiteRole
from entrypoints.http.lists import PageQuery
from entrypoints.http.sites_wire import Name, Slug

Confirm = Annotated[
    str, Meta(max_length=100, description="The site's slug once more, where it has data that is replaced.")
]


class CloneSiteRequest(Struct, forbid_unknown_fields=True):
    """`slug` becomes host and schema of the new site."""

    slug: Slug
    name: Name
    role: SiteRole = SiteRole.STAGING


class RestoreSiteRequest(Struct, forbid_unknown_fields=True):
    """`backup` is the id of one of the site. With a `slug` it becomes a new site of that slug, and else it comes back
    into the site itself. `name` is of a new site; without one it has the slug for a name.
    """

    backup: Annotated[UUID, Meta(examples=["01890a5d-ac96-774b-bcce-b302099a8057"])]
    confirm: Confirm = ""
    slug: Slug | UnsetType = UNSET
    name: Name | UnsetType = UNSET
    role: SiteRole = SiteRole.STAGING


class BackupListQuery(PageQuery, frozen=True):
    kind: BackupKind | None = None
    status: BackupStatus | None = None
    ordering: BackupOrder = BackupOrder.CREATED_AT_DOWN

    def as_query(self) -> BackupQuery:
        return BackupQuery(page=self.slice, kind=self.kind, status=self.status, ordering=self.ordering)
