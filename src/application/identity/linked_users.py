from dataclasses import dataclass
from datetime import datetime
from itertools import count

from application.identity.entry_ports import LinkedUserRepository
from application.identity.ports import UserRepository
from application.shared.ports import NewId
from domain.identity.entry import Visitor
from domain.identity.user import LONGEST_USERNAME, NO_PASSWORD, User
from domain.shared.caller import UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedUsers:
    """Makes users of the platform users of a site, inside the caller's transaction."""

    users: UserRepository
    linked: LinkedUserRepository
    new_id: NewId

    async def enter(self, visitor: Visitor, *, at: datetime) -> User:
        """The visitor's user here, made at the first entry; of several first ones at once, one makes it.

        A name that is taken gets `-1`, `-2`. An address that is taken stays with whom it belongs to in the site:
        to prove it to the platform is not to prove it here, so the two accounts are not made one, and the new
        one gets an address to which no mail can go.
        """
        while (user := await self.linked.find(visitor.id)) is None:
            new = await self._new(visitor, at)
            if await self.linked.add(new):
                return new
        entered = user.entered(first_name=visitor.first_name, last_name=visitor.last_name, at=at)
        await self.users.save(entered)
        return entered

    async def _new(self, visitor: Visitor, at: datetime) -> User:
        taken = await self.users.find_by_login(visitor.email)
        return User(
            id=UserId(self.new_id()),
            username=await self._free_name(visitor.username),
            email=f"{visitor.id}@linked.invalid" if taken else visitor.email,
            password_hash=NO_PASSWORD,
            first_name=visitor.first_name,
            last_name=visitor.last_name,
            last_login_at=at,
            linked_user_id=visitor.id,
            created_at=at,
            updated_at=at,
            created_by=None,
        )

    async def _free_name(self, wanted: str) -> str:
        name, numbers = wanted, count(1)
        while await self.users.find_by_login(name):
            suffix = f"-{next(numbers)}"
            name = wanted[: LONGEST_USERNAME - len(suffix)] + suffix
        return name
