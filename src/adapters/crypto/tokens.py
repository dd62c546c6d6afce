from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

import jwt
import msgspec
from jwt.types import Options
from msgspec import UNSET, Meta, Struct, UnsetType

from adapters.crypto.keyring import Keyring
from application.identity.ports import TokenCodec
from application.shared.ports import Clock
from domain.identity.session import RefreshTokenId
from domain.identity.tokens import AccessClaims, InvalidTokenError, RefreshClaims
from domain.shared.caller import SessionId, UserId
from domain.tenancy.scope import Scope

ACCESS: Final = "at+jwt"
REFRESH: Final = "rt+jwt"
_LONGEST: Final = 4096
_LATEST: Final = 253_402_300_799  # the end of the year 9999
_OPTIONS: Final[Options] = {
    "require": ["iss"],
    "verify_aud": False,
    "verify_exp": False,
    "verify_iat": False,
}
"""`Payload` demands the other claims, `TokenSigner.read` compares them."""

Seconds = Annotated[int, Meta(ge=0, le=_LATEST)]
"""Since the epoch, whole ones."""


class Payload(Struct, frozen=True, kw_only=True):
    """What stands in every token of ours. One of any other shape is not read.

    `imp` is the platform's admin who acts as the user, if one does.
    """

    aud: str
    sub: UUID
    sid: UUID
    iat: Seconds
    exp: Seconds
    imp: UUID | UnsetType = UNSET


class AccessPayload(Payload, frozen=True, kw_only=True):
    """`ver` is the version of the user's tokens at the time."""

    jti: str
    ver: Annotated[int, Meta(ge=1)]


class RefreshPayload(Payload, frozen=True, kw_only=True):
    """`jti` is the link's id in the chain of the session."""

    jti: UUID


P = TypeVar("P", bound=Payload)
_KINDS: Final[dict[str, type[Payload]]] = {ACCESS: AccessPayload, REFRESH: RefreshPayload}


class TokenSigner:
    """Signs and verifies the JWTs of every scope, and remembers which access tokens it has verified.

    Verifying costs more than everything else in a small request, so a token's content is kept by
    the token's SHA-256, at most `remembered` of them. What can change (time, audience, kind) is
    checked at every use. Refresh tokens are good once: to remember them would push out others.
    """

    def __init__(
        self,
        keyring: Keyring,
        clock: Clock,
        *,
        issuer: str,
        leeway: timedelta,
        remembered: int = 20_000,
    ) -> None:
        self._keyring = keyring
        self._clock = clock
        self._issuer = issuer
        self._leeway = leeway.total_seconds()
        self._remembered = remembered
        self._verified: dict[bytes, Payload] = {}

    def sign(self, claims: dict[str, Any], kind: str) -> str:
        key = self._keyring.current
        return jwt.encode(
            {"iss": self._issuer, **claims},
            key.private,
            algorithm=key.algorithm,
            headers={"kid": key.kid, "typ": kind},
        )

    def read(self, token: str, kind: type[P], audience: str) -> P:
        """The payload of a token of this kind for this audience. Raise `InvalidTokenError`."""
        digest = sha256(token.encode("utf-8", "surrogatepass")).digest()
        payload = self._verified.get(digest) or self._verify(token, digest)
        now = self._clock().timestamp()
        if not isinstance(payload, kind):
            raise InvalidTokenError("this is another kind of token")
        if payload.aud != audience:
            raise InvalidTokenError("this token is for another site")
        if now >= payload.exp + self._leeway:
            self._verified.pop(digest, None)
            raise InvalidTokenError("this token has expired")
        if payload.iat > now + self._leeway:
            raise InvalidTokenError("this token is not valid yet")
        return payload

    def _verify(self, token: str, digest: bytes) -> Payload:
        try:
            payload = self._decode(token)
        except (jwt.PyJWTError, msgspec.ValidationError, ValueError, TypeError, KeyError) as error:
            raise InvalidTokenError("this token is not valid") from error
        if isinstance(payload, AccessPayload):
            if len(self._verified) >= self._remembered:
                del self._verified[next(iter(self._verified))]
            self._verified[digest] = payload
        return payload

    def _decode(self, token: str) -> Payload:
        if len(token) > _LONGEST:
            raise ValueError("too long")
        header = jwt.get_unverified_header(token)
        key = self._keyring.find(header["kid"])
        if key is None or header["alg"] != key.algorithm:
            raise ValueError("no such key for this algorithm")
        claims = jwt.decode(token, key.public, algorithms=[key.algorithm], issuer=self._issuer, options=_OPTIONS)
        return msgspec.convert(claims, _KINDS[header["typ"]])


class JwtTokenCodec(TokenCodec):
    """The tokens of one scope: its audience is on each one written and demanded of each one read."""

    def __init__(self, signer: TokenSigner, scope: Scope) -> None:
        self._signer = signer
        self._audience = scope.audience

    def write_access(self, claims: AccessClaims) -> str:
        payload = {"jti": token_urlsafe(12), "ver": claims.token_version}
        return self._signer.sign(payload | self._common(claims), ACCESS)

    def write_refresh(self, claims: RefreshClaims) -> str:
        return self._signer.sign({"jti": str(claims.id)} | self._common(claims), REFRESH)

    def read_access(self, token: str) -> AccessClaims:
        payload = self._signer.read(token, AccessPayload, self._audience)
        return AccessClaims(
            user_id=UserId(payload.sub),
            session_id=SessionId(payload.sid),
            token_version=payload.ver,
            issued_at=_time(payload.iat),
            expires_at=_time(payload.exp),
            impersonator=_impersonator(payload),
        )

    def read_refresh(self, token: str) -> RefreshClaims:
        payload = self._signer.read(token, RefreshPayload, self._audience)
        return RefreshClaims(
            id=RefreshTokenId(payload.jti),
            user_id=UserId(payload.sub),
            session_id=SessionId(payload.sid),
            issued_at=_time(payload.iat),
            expires_at=_time(payload.exp),
            impersonator=_impersonator(payload),
        )

    def _common(self, claims: AccessClaims | RefreshClaims) -> dict[str, Any]:
        marked = {} if claims.impersonator is None else {"imp": str(claims.impersonator)}
        return marked | {
            "aud": self._audience,
            "sub": str(claims.user_id),
            "sid": str(claims.session_id),
            "iat": int(claims.issued_at.timestamp()),
            "exp": int(claims.expires_at.timestamp()),
        }


def _impersonator(payload: Payload) -> UserId | None:
    return None if payload.imp is UNSET else UserId(payload.imp)


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
