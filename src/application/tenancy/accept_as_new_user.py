from dataclasses import dataclass, replace

from application.identity.ports import PasswordHasher, UserRepository
from application.shared.ports import Clock, NewId, UnitOfWork
from application.tenancy.admission import Admission
from domain.identity.password import check_password
from domain.identity.user import User
from domain.shared.caller import UserId
from domain.shared.checks import Checks
from domain.tenancy.invitation import Invitation, InvitationId


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptAsNewUser:
    """Join the organization by a mail alone: it makes an account on the platform, with the address invited.

    Who has one already signs in and accepts with it. Before the token is proven nothing is hashed, looked up or
    told; account, membership and the end of the invitation come together or not at all.
    """

    users: UserRepository
    passwords: PasswordHasher
    admission: Admission
    work: UnitOfWork
    clock: Clock
    new_id: NewId

    async def __call__(self, *, invitation_id: InvitationId, token: str, username: str, password: str) -> Invitation:
        seen = await self.admission.look(invitation_id, token)
        draft = self._user(username, seen.email, password)
        user = replace(draft, password_hash=await self.passwords.hash(password))
        async with self.work:
            organization, invitation = await self.admission.lock(invitation_id, token)
            await self.users.add(user)
            return await self.admission.admit(user.id, organization, invitation)

    def _user(self, username: str, email: str, password: str) -> User:
        """Raise `InvalidError` with what is wrong with the name, and with the password."""
        now, user_id, checks = self.clock(), UserId(self.new_id()), Checks()
        with checks.part():
            check_password(password, username=username, email=email, field="password")
        with checks.part():
            user = User(
                id=user_id,
                username=username,
                email=email,
                password_hash="",
                created_at=now,
                updated_at=now,
                created_by=user_id,
            )
        checks.done()
        return user
