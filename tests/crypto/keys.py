"""Keys and tokens for tests of the crypto adapters."""

import base64
import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric import ed448, ed25519, rsa
from jwt.algorithms import OKPAlgorithm, RSAAlgorithm

from adapters.crypto.keyring import Keyring, read_keyring
from adapters.crypto.tokens import JwtTokenCodec, TokenSigner
from domain.identity.session import RefreshTokenId
from domain.identity.tokens import AccessClaims, RefreshClaims
from domain.shared.caller import SessionId, UserId
from domain.tenancy.scope import PlatformScope, Scope

NOON: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)
MINUTES: Final = timedelta(minutes=15)
ACCESS: Final = AccessClaims(
    user_id=UserId(UUID(int=1)),
    session_id=SessionId(UUID(int=2)),
    token_version=3,
    issued_at=NOON,
    expires_at=NOON + MINUTES,
)
REFRESH: Final = RefreshClaims(
    id=RefreshTokenId(UUID(int=4)),
    user_id=UserId(UUID(int=1)),
    session_id=SessionId(UUID(int=2)),
    issued_at=NOON,
    expires_at=NOON + MINUTES,
)
ALGORITHMS: Final = ("EdDSA", "HS256", "RS256")


@cache
def jwk(algorithm: str, kid: str = "k1", bits: int = 2048) -> dict[str, Any]:
    """A private key, the same one for the same arguments."""
    names = {"kid": kid, "alg": algorithm}
    if algorithm == "HS256":
        secret = base64.urlsafe_b64encode((kid * 64).encode()[: bits // 8]).decode().rstrip("=")
        return {"kty": "oct", "k": secret} | names
    if algorithm == "RS256":
        return RSAAlgorithm.to_jwk(rsa.generate_private_key(65537, bits), as_dict=True) | names
    return OKPAlgorithm.to_jwk(ed25519.Ed25519PrivateKey.generate(), as_dict=True) | names


@cache
def ed448_jwk() -> dict[str, Any]:
    return OKPAlgorithm.to_jwk(ed448.Ed448PrivateKey.generate(), as_dict=True) | {"kid": "k1", "alg": "EdDSA"}


def jwks(*keys: Any) -> str:
    return json.dumps({"keys": keys})


def ring(*keys: dict[str, Any]) -> Keyring:
    return read_keyring(jwks(*(keys or (jwk("EdDSA"),))))


_SOUND: Final[dict[str, Any]] = {
    "iss": "taruvi",
    "aud": "platform",
    "sub": str(ACCESS.user_id),
    "sid": str(ACCESS.session_id),
    "jti": "one",
    "ver": ACCESS.token_version,
    "iat": int(NOON.timestamp()),
    "exp": int((NOON + MINUTES).timestamp()),
}


class StoppedClock:
    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class Desk:
    """One process that gives out and reads tokens: a keyring, a clock that a test moves, a scope."""

    def __init__(
        self,
        keyring: Keyring | None = None,
        *,
        scope: Scope = PlatformScope(),  # noqa: B008  frozen
        leeway: float = 0,
        issuer: str = "taruvi",
        remembered: int = 10,
    ) -> None:
        self.keyring = keyring or ring()
        self.clock = StoppedClock()
        signer = TokenSigner(
            self.keyring, self.clock, issuer=issuer, leeway=timedelta(seconds=leeway), remembered=remembered
        )
        self.signer = signer
        self.codec = JwtTokenCodec(signer, scope)

    def at(self, scope: Scope) -> JwtTokenCodec:
        return JwtTokenCodec(self.signer, scope)

    def forge(
        self,
        *,
        key: Any = None,
        algorithm: str | None = None,
        header: dict[str, Any] | None = None,
        without: str = "",
        **claims: Any,
    ) -> str:
        """A sound access token of this desk, except for what the test says."""
        current = self.keyring.current
        payload = _SOUND | claims
        payload.pop(without, None)
        headers = {"kid": current.kid, "typ": "at+jwt"} | (header or {})
        # not jwt.encode, which refuses to write some of what must not be read
        private = current.private if key is None else key
        return jwt.PyJWS().encode(json.dumps(payload).encode(), private, algorithm or current.algorithm, headers)
