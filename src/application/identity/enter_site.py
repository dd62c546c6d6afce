from dataclasses import dataclass
from datetime import datetime

from application.identity.entry_ports import PlatformTokens, SiteEntries
from application.identity.linked_users import LinkedUsers
from application.identity.ports import LoginThrottle, SecurityEvents
from application.identity.session_tokens import SessionTokens
from application.shared.ports import Clock, UnitOfWork
from domain.identity.entry import NotAMemberError, UnknownUserError, Visitor
from domain.identity.session import Client
from domain.identity.tokens import TokenPair
from domain.identity.user import User, UserNotFoundError
from domain.shared.caller import NotPermittedError, Permission, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterSite:
    """Come into this site with an access token of the platform.

    An owner of the site's organization is an admin of it, a member with access to it a user. An admin of the
    platform who is neither impersonates: as themselves with all rights, or as the `user` they name with that one's.
    Everybody else is refused. Attempts count by visitor and by address, as logins do.
    """

    platform: PlatformTokens
    throttle: LoginThrottle
    entries: SiteEntries
    linked: LinkedUsers
    tokens: SessionTokens
    events: SecurityEvents
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, token: str, user: UserId | None, client: Client) -> TokenPair:
        caller = await self.platform(token=token)
        await self.throttle.admit(f"platform:{caller.user_id}", client.address)
        if user is not None:
            caller.require(Permission.SITES_ENTER)
        async with self.work:
            visitor = await self.entries.lock(caller.require_user())
            now = self.clock()
            if visitor is None or not visitor.is_active:
                raise NotAMemberError("you are no member of this site")
            if user is None and visitor.role:
                await self.entries.touch(visitor.id, at=now)
                who = await self._themselves(visitor, now)
                return await self.tokens.open(who, client, at=now, platform_session=caller.session_id)
            who = await self._impersonated(visitor, user, now)
            pair = await self.tokens.open(who, client, at=now, platform_session=caller.session_id, impersonator=visitor)
        await self.events.impersonation_started(visitor, who, client)
        return pair

    async def _impersonated(self, admin: Visitor, user: UserId | None, at: datetime) -> User:
        """Whoever the admin of the platform acts as."""
        if user is None:
            if not admin.may_impersonate:
                raise NotAMemberError("you are no member of this site")
            return await self._themselves(admin, at)
        if not admin.may_impersonate:
            raise NotPermittedError("only admins of the platform act as somebody else")
        return await self._somebody(user, admin)

    async def _themselves(self, visitor: Visitor, at: datetime) -> User:
        user = await self.linked.enter(visitor, at=at)
        if not user.is_active:
            raise NotAMemberError("you are no member of this site")
        return user

    async def _somebody(self, user_id: UserId, admin: Visitor) -> User:
        """An active user; one who comes from the platform is so as long as they may enter."""
        try:
            user = await self.linked.users.get(user_id)
        except UserNotFoundError as error:
            raise UnknownUserError from error
        if not user.is_active or not await self._is_in(user.linked_user_id, admin):
            raise UnknownUserError
        return user

    async def _is_in(self, linked: UserId | None, admin: Visitor) -> bool:
        if linked is None or linked == admin.id:
            return True
        visitor = await self.entries.find(linked)
        return visitor is not None and visitor.role is not None
