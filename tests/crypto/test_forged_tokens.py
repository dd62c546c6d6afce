import base64
import hashlib
import hmac
import json
from typing import Any
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from adapters.crypto.keyring import Keyring
from domain.identity.tokens import InvalidTokenError
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import SiteId
from domain.tenancy.slug import SiteSlug
from tests.crypto.keys import ACCESS, ALGORITHMS, NOON, REFRESH, Desk, jwk, ring

ACME = SiteScope(SiteId(UUID(int=7)), "acme", SiteSlug("acme").schema)
OTHER = SiteScope(SiteId(UUID(int=8)), "other", SiteSlug("other").schema)
DESK = Desk()


def refused(desk: Desk, token: str) -> str:
    """Why this desk reads it neither as access nor as refresh."""
    with pytest.raises(InvalidTokenError):
        desk.codec.read_refresh(token)
    with pytest.raises(InvalidTokenError) as error:
        desk.codec.read_access(token)
    return str(error.value)


def test_the_forger_of_these_tests_makes_a_sound_token_when_left_alone() -> None:
    desk = Desk()

    assert desk.codec.read_access(desk.forge()) == ACCESS


def test_refuses_a_token_without_signature() -> None:
    desk = Desk()
    unsigned = jwt.encode({"sub": "x"}, "", "none", {"kid": "k1", "typ": "at+jwt"})
    signed = desk.codec.write_access(ACCESS)

    assert refused(desk, unsigned)
    assert refused(desk, signed.rpartition(".")[0] + ".")
    assert refused(desk, desk.forge(key="", algorithm="none"))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_refuses_a_token_under_another_key_of_the_same_name(algorithm: str) -> None:
    forger = Desk(ring(jwk(algorithm, "another") | {"kid": "k1"}))

    assert refused(Desk(ring(jwk(algorithm))), forger.codec.write_access(ACCESS))


def public_forms(keyring: Keyring) -> list[bytes]:
    """Everything an attacker could take for a shared secret from what is public."""
    public = keyring.current.public
    spki, raw = serialization.PublicFormat.SubjectPublicKeyInfo, serialization.PublicFormat.Raw
    forms = [
        public.public_bytes(serialization.Encoding.PEM, spki),
        public.public_bytes(serialization.Encoding.DER, spki),
    ]
    if keyring.current.algorithm == "EdDSA":
        forms.append(public.public_bytes(serialization.Encoding.Raw, raw))
    return [*forms, forms[0].strip()]


@pytest.mark.parametrize("algorithm", ["EdDSA", "RS256"])
def test_refuses_hs256_signed_with_the_public_key(algorithm: str) -> None:
    desk = Desk(ring(jwk(algorithm)))

    forged = [hmac_token(desk, form) for form in public_forms(desk.keyring)]

    assert len(forged) >= 3
    for token in forged:
        assert refused(desk, token)


def hmac_token(desk: Desk, secret: bytes) -> str:
    """PyJWT itself refuses to sign so; an attacker does not ask it."""
    sound = desk.forge()
    header = {"alg": "HS256", "kid": desk.keyring.current.kid, "typ": "at+jwt"}
    head = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=")
    body = head + b"." + sound.split(".")[1].encode()
    signature = hmac.new(secret, body, hashlib.sha256).digest()
    return (body + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()


def test_the_hmac_forger_of_these_tests_makes_a_sound_token_with_the_right_secret() -> None:
    desk = Desk(ring(jwk("HS256")))

    assert desk.codec.read_access(hmac_token(desk, desk.keyring.current.private)) == ACCESS


def test_refuses_a_key_used_with_the_algorithm_of_another() -> None:
    desk = Desk(ring(jwk("EdDSA", "ed"), jwk("HS256", "shared"), jwk("RS256", "rsa")))
    shared, rsa = jwk_private(desk, "shared"), jwk_private(desk, "rsa")

    assert refused(desk, desk.forge(key=shared, algorithm="HS256", header={"kid": "ed"}))
    assert refused(desk, desk.forge(key=rsa, algorithm="RS256", header={"kid": "shared"}))
    assert refused(desk, desk.forge(key=rsa, algorithm="RS512", header={"kid": "rsa"}))
    assert desk.codec.read_access(desk.forge(key=rsa, algorithm="RS256", header={"kid": "rsa"})) == ACCESS


def jwk_private(desk: Desk, kid: str) -> Any:
    key = desk.keyring.find(kid)
    assert key
    return key.private


@pytest.mark.parametrize(
    "header",
    [
        {"kid": "unknown"},
        {"kid": ""},
        {"typ": "JWT"},
        {"typ": "AT+JWT"},
        {"typ": ""},
        {"typ": None},
        {"crit": ["exp"]},
        {"crit": ["b64"], "b64": False},
    ],
)
def test_refuses_a_strange_header(header: dict[str, Any]) -> None:
    assert refused(DESK, DESK.forge(header=header))


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "sid", "jti", "ver", "iat", "exp"])
def test_refuses_an_access_token_that_lacks_a_claim(claim: str) -> None:
    assert refused(DESK, DESK.forge(without=claim)) == "this token is not valid"


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "sid", "jti", "iat", "exp"])
def test_refuses_a_refresh_token_that_lacks_a_claim(claim: str) -> None:
    good = {"jti": str(REFRESH.id)}
    header = {"typ": "rt+jwt"}

    assert DESK.codec.read_refresh(DESK.forge(header=header, **good)) == REFRESH
    assert refused(DESK, DESK.forge(header=header, without=claim, **good))


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "another"},
        {"iss": ["taruvi"]},
        {"iss": "Taruvi"},
        {"aud": "elsewhere"},
        {"aud": ["platform"]},
        {"aud": ["platform", "elsewhere"]},
        {"aud": ""},
        {"aud": None},
        {"sub": "ada"},
        {"sub": ""},
        {"sub": 1},
        {"sid": "x"},
        {"sid": None},
        {"jti": 5},
        {"ver": True},
        {"ver": 0},
        {"ver": -1},
        {"ver": 3.0},
        {"ver": "3"},
        {"ver": None},
        {"exp": NOON.timestamp() + 60.5},
        {"exp": float("inf")},
        {"exp": float("nan")},
        {"exp": 10**30},
        {"exp": -(10**30)},
        {"exp": "tomorrow"},
        {"exp": True},
        {"exp": None},
        {"iat": 10**30},
        {"iat": -1},
        {"iat": NOON.timestamp() + 0.5},
        {"iat": "now"},
        {"nbf": 10**11},
        {"imp": None},
        {"imp": ""},
        {"imp": "root"},
        {"imp": True},
        {"imp": []},
    ],
)
def test_refuses_a_claim_of_another_value_or_shape(claims: dict[str, Any]) -> None:
    assert refused(DESK, DESK.forge(**claims))
