from dataclasses import dataclass

from application.identity.ports import AccessReader
from domain.jobs.job import Asker
from domain.shared.caller import Caller, NotPermittedError, Permission, SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStanding:
    """For whom a job acts, and with which permissions: as they are now, not as they were when it was asked for."""

    access: AccessReader

    async def of_platform(self, asker: Asker) -> Caller:
        """One who may do everything, for jobs that do what the platform itself has to do."""
        return Caller(label=asker.label, permissions=frozenset(Permission))

    async def of_asker(self, asker: Asker) -> Caller:
        """Who asked, as in their session; where that has ended, as their account may without it.

        Raise `NotPermittedError` if they are gone or not active any more, or if the session has ended that they came
        in by from the platform. Where nobody asked but the platform itself
        or its operator, one who may do everything.
        """
        if asker.user_id is None:
            return await self.of_platform(asker)
        access = await self.access.find(asker.user_id, asker.session_id or SessionId(asker.user_id))
        if access is None or not access.is_active:
            raise NotPermittedError("who asked for this is not active any more")
        if access.session_ended and (asker.impersonator is not None or access.is_linked):
            raise NotPermittedError("who asked for this came from the platform, and has left")
        return Caller(
            label=access.username,
            permissions=access.permissions,
            user_id=asker.user_id,
            session_id=asker.session_id,
            impersonator=access.impersonator,
            impersonator_label=access.impersonator_label,
        )
