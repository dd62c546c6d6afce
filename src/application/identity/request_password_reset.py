from dataclasses import dataclass

from application.identity.reset_ports import ResetThrottle
from application.identity.send_password_reset import SendPasswordReset
from application.shared.jobs import Jobs
from application.shared.ports import UnitOfWork
from domain.identity.session import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPasswordReset:
    """Ask for a mail by which to set a new password.

    Answers alike and in the same time for every address: whose it is, if anybody's, is looked up afterwards.
    """

    throttle: ResetThrottle
    jobs: Jobs
    work: UnitOfWork

    async def __call__(self, *, email: str, host: str, client: Client) -> None:
        await self.throttle.admit(email, client.address)
        async with self.work:
            await self.jobs.add(SendPasswordReset, email=email, host=host)
