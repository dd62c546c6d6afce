"""How invitations look on the wire, coming in; going out they look as they are read (`InvitationView`)."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct, field

from application.shared.page import Period
from application.tenancy.invitation_views import InvitationOrder, InvitationQuery
from domain.identity.user import LONGEST_USERNAME
from domain.shared.errors import InvalidError
from domain.tenancy.invitation import LONGEST_MESSAGE, InvitationStatus
from domain.tenancy.membership import MemberRole
from entrypoints.http.identity_wire import Password
from entrypoints.http.lists import PageQuery
from entrypoints.http.wire import NO_NUL, in_utc

Slug = Annotated[str, Meta(min_length=1, max_length=63, pattern=NO_NUL, examples=["acme"])]
Email = Annotated[str, Meta(min_length=3, max_length=254, examples=["ada@example.org"])]
Message = Annotated[str, Meta(max_length=LONGEST_MESSAGE, examples=["Welcome to the team."])]
MailToken = Annotated[str, Meta(min_length=1, max_length=200, description="What the link in the mail has as `token`.")]
Search = Annotated[str, Meta(max_length=200, pattern=NO_NUL, description="In address and message.")]
Time = Annotated[datetime, Meta(tz=True)]


class InviteMemberRequest(Struct, forbid_unknown_fields=True):
    """`organization` is a slug; `metadata` any object of at most 4096 bytes, kept for the client."""

    organization: Slug
    email: Email
    role: MemberRole = MemberRole.MEMBER
    message: Message = ""
    metadata: dict[str, Any] = field(default_factory=dict)


class AcceptInvitationRequest(Struct, forbid_unknown_fields=True):
    """The token alone, if you are signed in; with `username` and `password` it makes you an account."""

    token: MailToken
    username: Annotated[str, Meta(min_length=1, max_length=LONGEST_USERNAME)] | None = None
    password: Password | None = None

    @property
    def new_account(self) -> tuple[str, str] | None:
        """Name and password of the account to be made. Raise `InvalidError` for half of them."""
        if self.username is None and self.password is None:
            return None
        missing = {"username": self.username, "password": self.password}
        if problems := {name: ["is required to make an account"] for name, value in missing.items() if value is None}:
            raise InvalidError(problems)
        return self.username or "", self.password or ""


class DeclineInvitationRequest(Struct, forbid_unknown_fields=True):
    token: MailToken


class InvitationListQuery(PageQuery, frozen=True):
    organization: Slug | None = None
    status: InvitationStatus | None = None
    search: Search | None = None
    created_at__gte: Time | None = None
    created_at__lte: Time | None = None
    ordering: InvitationOrder = InvitationOrder.CREATED_AT_DOWN

    def as_query(self) -> InvitationQuery:
        return InvitationQuery(
            page=self.slice,
            organization=self.organization,
            status=self.status,
            search=self.search or None,
            created=Period(
                start=in_utc("created_at__gte", self.created_at__gte),
                end=in_utc("created_at__lte", self.created_at__lte),
            ),
            ordering=self.ordering,
        )
