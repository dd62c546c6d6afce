"""Invitations on any store, by their use cases."""

from dataclasses import dataclass
from typing import Any

from application.shared.page import Page
from application.tenancy.accept_as_new_user import AcceptAsNewUser
from application.tenancy.accept_invitation import AcceptInvitation
from application.tenancy.decline_invitation import DeclineInvitation
from application.tenancy.invitation_views import InvitationQuery, InvitationView
from application.tenancy.invite_member import InviteMember
from application.tenancy.read_invitations import ListInvitations, ShowInvitation
from application.tenancy.resend_invitation import ResendInvitation
from application.tenancy.revoke_invitation import RevokeInvitation
from domain.identity.user import User
from domain.tenancy.invitation import Invitation, InvitationId
from domain.tenancy.membership import MemberRole
from tests.mail.links import token_in
from tests.organizations import a_person, an_organization, caller_of
from tests.world import PASSWORD, World


@dataclass(frozen=True, slots=True)
class Office:
    """An organization with one owner, who invites."""

    world: World
    owner: User
    slug: str

    @property
    def newcomer(self) -> str:
        """An address of nobody who has an account."""
        return f"newcomer-{self.world.suffix}@example.org"

    async def invite(self, email: str, by: User | None = None, **fields: Any) -> Invitation:
        given: dict[str, Any] = {"role": MemberRole.MEMBER, "message": "Come!", "metadata": {"team": ["Berlin", 1]}}
        async with self.world.acting(caller=caller_of(by or self.owner)) as container:
            invite = await container.get(InviteMember)
            return await invite(organization=self.slug, email=email, **given | fields)

    async def token(self, email: str) -> str:
        """The one in the newest mail to an address."""
        await self.world.settle()
        return token_in(self.world.mails.to(email)[-1])

    async def accept(self, invitation_id: InvitationId, token: str, by: User) -> Invitation:
        async with self.world.acting(caller=caller_of(by)) as container:
            return await (await container.get(AcceptInvitation))(invitation_id=invitation_id, token=token)

    async def accept_anew(self, invitation_id: InvitationId, token: str, name: str, password: str = PASSWORD) -> Any:
        username = f"{name}-{self.world.suffix}"
        async with self.world.acting() as container:
            accept = await container.get(AcceptAsNewUser)
            return await accept(invitation_id=invitation_id, token=token, username=username, password=password)

    async def decline(self, invitation_id: InvitationId, token: str) -> Invitation:
        async with self.world.acting() as container:
            return await (await container.get(DeclineInvitation))(invitation_id=invitation_id, token=token)

    async def resend(self, invitation_id: InvitationId, by: User | None = None) -> Invitation:
        async with self.world.acting(caller=caller_of(by or self.owner)) as container:
            return await (await container.get(ResendInvitation))(invitation_id=invitation_id, seen=None)

    async def revoke(self, invitation_id: InvitationId, by: User | None = None) -> None:
        async with self.world.acting(caller=caller_of(by or self.owner)) as container:
            await (await container.get(RevokeInvitation))(invitation_id=invitation_id, seen=None)

    async def show(self, invitation_id: InvitationId, by: User | None = None) -> InvitationView:
        async with self.world.acting(caller=caller_of(by or self.owner)) as container:
            return await (await container.get(ShowInvitation))(invitation_id=invitation_id)

    async def page(self, by: User | None = None, **query: Any) -> Page[InvitationView]:
        async with self.world.acting(caller=caller_of(by or self.owner)) as container:
            return await (await container.get(ListInvitations))(InvitationQuery(**query))


async def an_office(world: World, name: str = "olga") -> Office:
    owner = await a_person(world, name)
    return Office(world, owner, await an_organization(world, owner, name))
