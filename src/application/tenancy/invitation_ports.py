from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from application.shared.mail import Mail
from application.shared.page import Page
from application.tenancy.invitation_views import InvitationQuery, InvitationView
from domain.shared.caller import UserId
from domain.tenancy.invitation import Invitation, InvitationId
from domain.tenancy.organization import Organization, OrganizationId


class InvitationRepository(Protocol):
    """Invitations into organizations that are not deleted. Lock the organization before an invitation."""

    async def find(self, invitation_id: InvitationId) -> Invitation | None:
        """Without a lock: to decide, `get` it."""
        ...

    async def get(self, invitation_id: InvitationId) -> Invitation:
        """Lock it until the transaction ends. Raise `InvitationNotFoundError` if there is none."""
        ...

    async def find_pending(self, organization_id: OrganizationId, email: str) -> Invitation | None:
        """The one whose end nobody has written down yet, locked; case does not tell two addresses apart."""
        ...

    async def count_others(self, invitation: Invitation, *, by: UserId | None, at: datetime) -> int:
        """How many others are open in its organization, or had a mail sent lately from there or by this person.

        Ended ones and those of deleted organizations count as long as their mails are fresh.
        """
        ...

    async def add(self, invitation: Invitation) -> None:
        """Raise `InvitationPendingError` if one to the same address is pending."""
        ...

    async def save(self, invitation: Invitation) -> None:
        """Raise `InvitationPendingError` as `add`."""
        ...

    async def lapsed(self, *, at: datetime, limit: int) -> Sequence[Invitation]:
        """Some that are pending though their time is over, locked; those that somebody else has locked are left out."""
        ...

    async def purge_expired(self, *, before: datetime, at_most: int) -> int:
        """Delete some that are known to be expired, and were before that; of deleted organizations, too. How many."""
        ...

    async def is_member(self, organization_id: OrganizationId, email: str) -> bool:
        """Whether a member has this address; it takes the same time for addresses of other users and of nobody."""
        ...


class InvitationReader(Protocol):
    """Invitations as they are shown: to `viewer` those of organizations that are theirs to run, to None all."""

    async def page(self, query: InvitationQuery, viewer: UserId | None, *, at: datetime) -> Page[InvitationView]: ...

    async def get(self, invitation_id: InvitationId, viewer: UserId | None, *, at: datetime) -> InvitationView:
        """Raise `InvitationNotFoundError` if there is none to be seen."""
        ...


class InvitationLetters(Protocol):
    def invitation(self, invitation: Invitation, organization: Organization, *, inviter: str, token: str) -> Mail:
        """The mail with the link to accept or decline by. `inviter` is a name, or empty."""
        ...
