from typing import Any

import jwt
import pytest

from adapters.crypto.keyring import InvalidKeyError, Keyring, generate_jwks, read_keyring
from domain.identity.tokens import InvalidTokenError
from tests.crypto.keys import ACCESS, ALGORITHMS, Desk, ed448_jwk, jwk, jwks, ring

PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "k", "oth"}


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "5", '{"keys": 5}', '{"keys": "ab"}', '{"keys": [5]}'])
def test_refuses_what_is_no_set_of_keys(text: str) -> None:
    with pytest.raises(InvalidKeyError, match="not a JWK Set"):
        read_keyring(text)


def test_refuses_an_empty_set() -> None:
    with pytest.raises(InvalidKeyError, match="no signing key"):
        read_keyring('{"keys": []}')


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ({}, "has no kid"),
        (jwk("EdDSA") | {"kid": ""}, "has no kid"),
        (jwk("EdDSA") | {"kid": 5}, "has no kid"),
        (jwk("EdDSA") | {"alg": None}, "alg must be one of EdDSA, HS256, RS256"),
        (jwk("EdDSA") | {"alg": "none"}, "alg must be one of"),
        (jwk("HS256") | {"alg": "HS512"}, "alg must be one of"),
        (jwk("EdDSA") | {"alg": ["EdDSA"]}, "alg must be one of"),
        (jwk("EdDSA") | {"alg": "RS256"}, "not a sound RS256 key"),
        (jwk("RS256") | {"alg": "EdDSA"}, "not a sound EdDSA key"),
        (jwk("RS256") | {"alg": "HS256"}, "not a sound HS256 key"),
        (jwk("EdDSA") | {"kty": None}, "not a sound EdDSA key"),
        (jwk("EdDSA") | {"d": 5}, "not a sound EdDSA key"),
        (jwk("EdDSA") | {"d": "YQ"}, "not a sound EdDSA key"),
        (jwk("HS256") | {"k": 5}, "not a sound HS256 key"),
        ({"kid": "k1", "alg": "HS256", "kty": "oct"}, "not a sound HS256 key"),
        (jwk("HS256", bits=31 * 8), "needs 32 bytes or more"),
        (jwk("RS256", bits=1024), "needs 2048 bits or more"),
        ({name: jwk("EdDSA")[name] for name in ("kid", "alg", "kty", "crv", "x")}, "only the public half"),
        ({name: jwk("RS256")[name] for name in ("kid", "alg", "kty", "n", "e")}, "only the public half"),
        (ed448_jwk(), "needs the curve Ed25519"),
    ],
)
def test_refuses_a_bad_key_says_which_and_why_and_quotes_none_of_it(key: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidKeyError, match=message) as refused:
        read_keyring(jwks(key))

    secrets = [str(key[name]) for name in PRIVATE & key.keys() if len(str(key[name])) > 2]
    assert not [secret for secret in secrets if secret in str(refused.value)]
    assert refused.value.__cause__ is None


def test_refuses_two_keys_of_one_name() -> None:
    with pytest.raises(InvalidKeyError, match="same kid"):
        ring(jwk("EdDSA", "twice"), jwk("HS256", "twice"))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_ring_reads_what_it_signs(algorithm: str) -> None:
    desk = Desk(ring(jwk(algorithm)))

    assert desk.codec.read_access(desk.codec.write_access(ACCESS)) == ACCESS


def test_a_generated_key_is_a_sound_one_with_a_name_of_its_own() -> None:
    first, second = read_keyring(generate_jwks("dev-")), read_keyring(generate_jwks("dev-"))

    assert first.current.algorithm == "EdDSA"
    assert first.current.kid.startswith("dev-")
    assert first.kids != second.kids


def test_after_a_rotation_the_new_key_signs_and_the_old_one_still_verifies() -> None:
    old = Desk(ring(jwk("EdDSA", "old")))
    rotated = Desk(ring(jwk("RS256", "new"), jwk("EdDSA", "old")))

    assert rotated.codec.read_access(old.codec.write_access(ACCESS)) == ACCESS
    with pytest.raises(InvalidTokenError):
        old.codec.read_access(rotated.codec.write_access(ACCESS))


def test_a_removed_key_verifies_nothing() -> None:
    old, rotated = Desk(ring(jwk("EdDSA", "old"))), Desk(ring(jwk("EdDSA", "new")))

    with pytest.raises(InvalidTokenError):
        rotated.codec.read_access(old.codec.write_access(ACCESS))


def everything_of(value: object) -> list[object]:
    if isinstance(value, dict):
        return [*value, *(deep for one in value.values() for deep in everything_of(one))]
    if isinstance(value, list):
        return [deep for one in value for deep in everything_of(one)]
    return [value]


def a_mixed_ring() -> Keyring:
    return ring(jwk("EdDSA", "ed"), jwk("RS256", "rsa"), jwk("HS256", "shared"))


def test_the_public_set_has_the_public_halves_and_no_private_part() -> None:
    shown = a_mixed_ring().public_jwks()

    assert [(key["kid"], key["alg"], key["use"]) for key in shown["keys"]] == [
        ("ed", "EdDSA", "sig"),
        ("rsa", "RS256", "sig"),
    ]
    for key in shown["keys"]:
        assert not PRIVATE & key.keys()
    private = [jwk(*names)[part] for names in (("EdDSA", "ed"), ("RS256", "rsa"), ("HS256", "shared"))
               for part in PRIVATE & jwk(*names).keys()]  # fmt: skip
    assert len(private) == 8
    assert not [part for part in private if part in everything_of(shown)]


@pytest.mark.parametrize("algorithm", ["EdDSA", "RS256"])
def test_the_public_set_is_enough_to_verify_and_too_little_to_sign(algorithm: str) -> None:
    desk = Desk(ring(jwk(algorithm)))
    public = desk.keyring.public_jwks()["keys"][0]

    claims = jwt.decode(
        desk.codec.write_access(ACCESS),
        jwt.PyJWK(public),
        audience="platform",
        issuer="taruvi",
        options={"verify_exp": False, "verify_iat": False},
    )

    assert claims["sub"] == str(ACCESS.user_id)
    with pytest.raises(InvalidKeyError, match="only the public half"):
        read_keyring(jwks(public))
