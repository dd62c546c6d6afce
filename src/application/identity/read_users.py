from dataclasses import dataclass

from application.identity.ports import UserReader, UserRepository
from application.identity.user_views import UserQuery, UserView
from application.shared.page import Page
from domain.identity.user import UserNotFoundError
from domain.shared.caller import Caller, Permission, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class ListUsers:
    """The users of the caller's schema that match, one page of them."""

    caller: Caller
    reader: UserReader

    async def __call__(self, query: UserQuery) -> Page[UserView]:
        self.caller.require(Permission.USERS_VIEW)
        return await self.reader.page(query)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowUser:
    """One user; to whoever may not see users, there is nobody but themself."""

    caller: Caller
    reader: UserReader

    async def __call__(self, *, user_id: UserId) -> UserView:
        if user_id != self.caller.user_id and not self.caller.may(Permission.USERS_VIEW):
            raise UserNotFoundError(f"there is no user {user_id}")
        return await self.reader.get(user_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowProfile:
    """Who the caller is."""

    caller: Caller
    reader: UserReader

    async def __call__(self) -> UserView:
        return await self.reader.get(self.caller.require_user())


@dataclass(frozen=True, slots=True, kw_only=True)
class FindUser:
    """A user by username or email, in any case."""

    caller: Caller
    users: UserRepository
    reader: UserReader

    async def __call__(self, *, login: str) -> UserView:
        self.caller.require(Permission.USERS_VIEW)
        if (user := await self.users.find_by_login(login)) is None:
            raise UserNotFoundError(f"there is no user {login!r}")
        return await self.reader.get(user.id)
