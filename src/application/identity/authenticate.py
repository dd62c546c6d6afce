from dataclasses import dataclass

from application.identity.ports import AccessReader, TokenCodec
from domain.identity.tokens import InvalidTokenError
from domain.shared.caller import Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class Authenticate:
    """Tell who holds an access token.

    Beyond signature, kind, issuer, audience and time: the user is active, the session has not ended,
    and the token is not older than the last time all of the user's tokens were made worthless. Who acts as
    the user, the session and the token say alike.
    """

    codec: TokenCodec
    access: AccessReader

    async def __call__(self, *, token: str) -> Caller:
        claims = self.codec.read_access(token)
        access = await self.access.find(claims.user_id, claims.session_id)
        if (
            access is None
            or not access.is_active
            or access.session_ended
            or access.token_version != claims.token_version
            or access.impersonator != claims.impersonator
        ):
            raise InvalidTokenError("this session has ended")
        return Caller(
            label=access.username,
            permissions=access.permissions,
            user_id=claims.user_id,
            session_id=claims.session_id,
            impersonator=access.impersonator,
            impersonator_label=access.impersonator_label,
        )
