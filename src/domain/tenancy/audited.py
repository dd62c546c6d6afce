from typing import Final

from domain.shared.audited import Audited
from domain.tenancy.domain import DomainNotFoundError
from domain.tenancy.invitation import InvitationNotFoundError
from domain.tenancy.membership import MemberNotFoundError
from domain.tenancy.organization import OrganizationNotFoundError
from domain.tenancy.site import SiteNotFoundError

_MADE: Final = ("created_at", "updated_at", "created_by", "version")
_DESCRIBES: Final = ("name", "description", "email", "website", "phone", "address")
_PLAN: Final = ("plan", "max_sites", "max_members", "max_storage_bytes")
_AGREED: Final = (*_PLAN, "is_active", "is_verified")

ORGANIZATION_HISTORY: Final = Audited(
    table="organizations",
    noun="organization",
    absent=OrganizationNotFoundError,
    shown=("id", "slug", *_DESCRIBES, *_AGREED, "verified_at", "settings", *_MADE),
    writable=(*_DESCRIBES, *_AGREED, "settings"),
    together=_PLAN,
    fixed=("slug",),
    stays_gone="an organization that was deleted does not come back",
)
MEMBER_HISTORY: Final = Audited(
    table="members",
    noun="member",
    absent=MemberNotFoundError,
    shown=("id", "role", "title", "department", "phone", "is_active", "joined_at", "last_active_at", *_MADE),
    writable=("role", "title", "department", "phone", "is_active"),
    stays_gone="whoever was a member is added or invited again: it takes a place of the plan",
)
INVITATION_HISTORY: Final = Audited(
    table="invitations",
    noun="invitation",
    absent=InvitationNotFoundError,
    shown=(
        "id",
        "email",
        "role",
        "message",
        "metadata",
        "status",
        "invited_by",
        "accepted_by",
        "expires_at",
        *_MADE,
    ),
    secret=("token",),
    stored=(("token", "token_hash"),),
    stays_gone="an invitation that is gone does not come back",
)
SITE_HISTORY: Final = Audited(
    table="sites",
    noun="site",
    absent=SiteNotFoundError,
    shown=("id", "slug", "name", "description", "role", "is_primary", "status", "settings", *_MADE),
    writable=("name", "description", "role", "is_primary", "settings"),
    fixed=("slug", "status"),
    stays_gone="a site that was deleted does not come back",
)
DOMAIN_HISTORY: Final = Audited(
    table="domains",
    noun="domain",
    absent=DomainNotFoundError,
    shown=("id", "domain", "is_primary", "status", "verified_at", "checked_at", *_MADE),
    stays_gone="a domain that was given up is claimed again, with a new proof",
)
