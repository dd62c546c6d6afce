import json
from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm, RSAAlgorithm

_NEEDS: Final = {
    "EdDSA": "kty OKP, crv Ed25519, x and d",
    "HS256": "kty oct and k, the secret in base64url",
    "RS256": "kty RSA, n, e, d, p, q, dp, dq and qi",
}
ALGORITHMS: Final = tuple(_NEEDS)
_SHORTEST_SECRET: Final = 32
_SHORTEST_MODULUS: Final = 2048


class InvalidKeyError(ValueError):
    """A signing key that cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One key with the one algorithm it is for."""

    kid: str
    algorithm: str
    private: Any
    public: Any

    def as_public_jwk(self) -> dict[str, Any] | None:
        """None for a shared secret, which has no public half."""
        if self.algorithm == "HS256":
            return None
        codec = OKPAlgorithm if self.algorithm == "EdDSA" else RSAAlgorithm
        public = codec.to_jwk(self.public, as_dict=True)
        return public | {"kid": self.kid, "alg": self.algorithm, "use": "sig"}


class Keyring:
    """The first key signs; all of them verify, each by its `kid` and for its own algorithm alone."""

    def __init__(self, keys: Sequence[SigningKey]) -> None:
        if not keys:
            raise InvalidKeyError("there is no signing key")
        self.current = keys[0]
        self._by_kid = {key.kid: key for key in keys}
        if len(self._by_kid) != len(keys):
            raise InvalidKeyError("two signing keys have the same kid")

    @property
    def kids(self) -> tuple[str, ...]:
        return tuple(self._by_kid)

    def find(self, kid: str) -> SigningKey | None:
        return self._by_kid.get(kid)

    def public_jwks(self) -> dict[str, Any]:
        """A JWK Set (RFC 7517) of what verifies; nothing in it signs."""
        public = (key.as_public_jwk() for key in self._by_kid.values())
        return {"keys": [jwk for jwk in public if jwk]}


def read_keyring(jwks: str) -> Keyring:
    """Read a private JWK Set: EdDSA (Ed25519), RS256 or HS256, each key with `kid` and `alg`.

    Raise `InvalidKeyError`. To rotate, put the new key in front and keep the old one until its last
    refresh token has expired.
    """
    try:
        keys = json.loads(jwks)["keys"]
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidKeyError('not a JWK Set: {"keys": [{"kid": …, "alg": …, …}]}') from error
    if not isinstance(keys, list) or not all(isinstance(jwk, dict) for jwk in keys):
        raise InvalidKeyError("not a JWK Set: keys must be a list of JSON objects")
    return Keyring([_read_key(jwk) for jwk in keys])


def generate_jwks(prefix: str = "") -> str:
    """A private JWK Set with one new Ed25519 key, whose kid begins with `prefix`."""
    jwk = OKPAlgorithm.to_jwk(Ed25519PrivateKey.generate(), as_dict=True)
    return json.dumps({"keys": [jwk | {"kid": prefix + token_hex(8), "alg": "EdDSA"}]})


def _read_key(jwk: dict[str, Any]) -> SigningKey:
    kid, algorithm = jwk.get("kid"), jwk.get("alg")
    if not isinstance(kid, str) or not kid:
        raise InvalidKeyError("a signing key has no kid")
    if algorithm not in ALGORITHMS:
        raise InvalidKeyError(f"key {kid}: alg must be one of {', '.join(ALGORITHMS)}")
    try:
        private = jwt.PyJWK.from_dict(jwk, algorithm=algorithm).key
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError):
        # from None: what the library says may quote the private key
        raise InvalidKeyError(f"key {kid}: not a sound {algorithm} key; it needs {_NEEDS[algorithm]}") from None
    return SigningKey(kid, algorithm, private, _public_half(kid, algorithm, private))


def _public_half(kid: str, algorithm: str, private: Any) -> Any:
    if algorithm == "HS256":
        if len(private) < _SHORTEST_SECRET:
            raise InvalidKeyError(f"key {kid}: a secret needs {_SHORTEST_SECRET} bytes or more")
        return private
    if not hasattr(private, "public_key"):
        raise InvalidKeyError(f"key {kid}: only the public half is there")
    if algorithm == "EdDSA" and not isinstance(private, Ed25519PrivateKey):
        raise InvalidKeyError(f"key {kid}: EdDSA needs the curve Ed25519")
    if algorithm == "RS256" and private.key_size < _SHORTEST_MODULUS:
        raise InvalidKeyError(f"key {kid}: RSA needs {_SHORTEST_MODULUS} bits or more")
    return private.public_key()
