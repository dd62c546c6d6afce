from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, Final
from uuid import UUID

import jwt

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
_REQUIRED: Final = ["iss", "aud", "sub", "jti", "iat", "exp", "sid"]
_OPTIONS: Final = {
    "require": _REQUIRED,
    "verify_aud": False,
    "verify_exp": False,
    "verify_iat": False,
}


class TokenSigner:
    """Signs and verifies the JWTs of every scope, and remembers which it has verified.

    Verifying costs more than everything else in a small request, so a token's content is kept by
    the token's SHA-256, at most `remembered` of them. What can change (time, audience, kind) is
    checked at every use.
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
        self._verified: dict[bytes, tuple[str, dict[str, Any]]] = {}

    def sign(self, claims: dict[str, Any], kind: str) -> str:
        key = self._keyring.current
        return jwt.encode(
            {"iss": self._issuer, **claims},
            key.private,
            algorithm=key.algorithm,
            headers={"kid": key.kid, "typ": kind},
        )

    def read(self, token: str, kind: str, audience: str) -> dict[str, Any]:
        """The payload of a token of this kind for this audience. Raise `InvalidTokenError`."""
        digest = sha256(token.encode("utf-8", "surrogatepass")).digest()
        known = self._verified.get(digest)
        real_kind, payload = known or self._verify(token, digest)
        now = self._clock().timestamp()
        if real_kind != kind:
            raise InvalidTokenError("this is another kind of token")
        if payload["aud"] != audience:
            raise InvalidTokenError("this token is for another site")
        if now >= payload["exp"] + self._leeway:
            raise InvalidTokenError("this token has expired")
        if payload["iat"] > now + self._leeway:
            raise InvalidTokenError("this token is not valid yet")
        return payload

    def _verify(self, token: str, digest: bytes) -> tuple[str, dict[str, Any]]:
        try:
            verified = self._decode(token)
        except (jwt.PyJWTError, ValueError, TypeError, KeyError) as error:
            raise InvalidTokenError("this token is not valid") from error
        if len(self._verified) >= self._remembered:
            del self._verified[next(iter(self._verified))]
        self._verified[digest] = verified
        return verified

    def _decode(self, token: str) -> tuple[str, dict[str, Any]]:
        if len(token) > _LONGEST:
            raise ValueError("too long")
        header = jwt.get_unverified_header(token)
        key = self._keyring.find(header["kid"])
        if key is None or header["alg"] != key.algorithm:
            raise ValueError("no such key for this algorithm")
        payload = jwt.decode(token, key.public, algorithms=[key.algorithm], issuer=self._issuer, options=_OPTIONS)
        return header["typ"], payload | {"iat": int(payload["iat"]), "exp": int(payload["exp"])}


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
        payload = self._signer.read(token, ACCESS, self._audience)
        return AccessClaims(
            user_id=UserId(UUID(payload["sub"])),
            session_id=SessionId(UUID(payload["sid"])),
            token_version=payload["ver"],
            issued_at=_time(payload["iat"]),
            expires_at=_time(payload["exp"]),
        )

    def read_refresh(self, token: str) -> RefreshClaims:
        payload = self._signer.read(token, REFRESH, self._audience)
        return RefreshClaims(
            id=RefreshTokenId(UUID(payload["jti"])),
            user_id=UserId(UUID(payload["sub"])),
            session_id=SessionId(UUID(payload["sid"])),
            issued_at=_time(payload["iat"]),
            expires_at=_time(payload["exp"]),
        )

    def _common(self, claims: AccessClaims | RefreshClaims) -> dict[str, Any]:
        return {
            "aud": self._audience,
            "sub": str(claims.user_id),
            "sid": str(claims.session_id),
            "iat": int(claims.issued_at.timestamp()),
            "exp": int(claims.expires_at.timestamp()),
        }


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
