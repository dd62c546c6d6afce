from dataclasses import dataclass

from application.identity.ports import LoginThrottle, PasswordHasher, UserRepository
from application.shared.ports import UnitOfWork
from application.tenancy.admission import Admission
from domain.identity.login import folded
from domain.identity.session import Client
from domain.identity.user import User, UserNotFoundError, WrongCredentialsError
from domain.tenancy.invitation import Invitation, InvitationId

_REFUSED = "no active account has the address invited and this password"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptByPassword:
    """Join the organization by a mail and the password of the account that has the address invited.

    Before the token is proven nothing is hashed, looked up or told. No account with that address, a wrong password
    and a deactivated user answer alike; attempts count like those of a login.
    """

    users: UserRepository
    passwords: PasswordHasher
    throttle: LoginThrottle
    admission: Admission
    work: UnitOfWork

    async def __call__(self, *, invitation_id: InvitationId, token: str, password: str, client: Client) -> Invitation:
        seen = await self.admission.look(invitation_id, token)
        user = await self._invited(seen.email)
        account = user.username if user else seen.email
        await self.throttle.admit(account, client.address)
        if not await self.passwords.verify(password, user.proof if user else None) or user is None:
            raise WrongCredentialsError(_REFUSED)
        await self.throttle.forgive(account, client.address)
        async with self.work:
            organization, invitation = await self.admission.lock(invitation_id, token)
            await self._still(user)
            return await self.admission.admit(user.id, organization, invitation)

    async def _invited(self, email: str) -> User | None:
        user = await self.users.find_by_login(email)
        return user if user and folded(user.email) == folded(email) else None

    async def _still(self, proven: User) -> None:
        """Raise `WrongCredentialsError` when the account is not, or not any more, what the password proved."""
        try:
            user = await self.users.get(proven.id)
        except UserNotFoundError as error:
            raise WrongCredentialsError(_REFUSED) from error
        if not user.is_active or user.password_hash != proven.password_hash or user.email != proven.email:
            raise WrongCredentialsError(_REFUSED)
