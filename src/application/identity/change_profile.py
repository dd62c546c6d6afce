from dataclasses import dataclass

from application.identity.ports import LoginThrottle, PasswordHasher, UserGroups, UserRepository
from application.identity.user_views import UserView
from application.shared.ports import Clock, UnitOfWork
from domain.identity.session import Client
from domain.identity.user import User, UserChanges
from domain.shared.caller import Caller
from domain.shared.changes import Unchanged
from domain.shared.errors import InvalidError
from domain.shared.versions import require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeProfile:
    """Change the caller's own names and address; nobody who acts as them may.

    Another address takes the present password, and guesses at it count as logins do: who finds a session open
    cannot take the account over. With `seen`, only if the user still is at one of these versions.
    """

    caller: Caller
    users: UserRepository
    groups: UserGroups
    passwords: PasswordHasher
    throttle: LoginThrottle
    work: UnitOfWork
    clock: Clock

    async def __call__(
        self,
        *,
        first_name: str | Unchanged,
        last_name: str | Unchanged,
        email: str | Unchanged,
        current_password: str | None,
        client: Client,
        seen: frozenset[int] | None,
    ) -> UserView:
        self.caller.require_in_person()
        changes = UserChanges(first_name=first_name, last_name=last_name, email=email)
        async with self.work:
            user = await self.users.get(self.caller.require_user())
            require_version(user.version, seen)
            wanted = user.change(changes, at=self.clock())
        if wanted.email != user.email:
            await self._prove(user, current_password, client)
        async with self.work:
            current = await self.users.get(user.id)
            require_version(current.version, seen)
            wanted = current.change(changes, at=self.clock())
            if wanted.email != current.email and (current.email, current.password_hash) != (
                user.email,
                user.password_hash,
            ):
                raise InvalidError({"current_password": ["is not your password any more"]})
            await self.users.save(wanted)
            return UserView.of(wanted, await self.groups.of(user.id))

    async def _prove(self, user: User, password: str | None, client: Client) -> None:
        if password is None:
            raise InvalidError({"current_password": ["is required to change your address"]})
        await self.throttle.admit(self.caller.label, client.address)
        if not await self.passwords.verify(password, user.proof):
            raise InvalidError({"current_password": ["is not your password"]})
        await self.throttle.forgive(self.caller.label, client.address)
