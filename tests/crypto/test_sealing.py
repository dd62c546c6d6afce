from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest

from adapters.crypto.sealing import KeyringSealer
from application.jobs.ports import SealedElsewhereError
from tests.crypto.keys import ALGORITHMS, jwk, ring

SECRET = b"a token that nobody may see"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_what_was_sealed_is_opened_again(algorithm: str) -> None:
    sealer = KeyringSealer(ring(jwk(algorithm)))
    sealed = sealer.seal(SECRET, about="one job")
    assert sealer.open(sealed, about="one job") == SECRET
    assert sealed.startswith("k1.")
    assert "token" not in sealed


def test_no_two_are_alike() -> None:
    sealer = KeyringSealer(ring())
    assert sealer.seal(SECRET, about="one job") != sealer.seal(SECRET, about="one job")


def test_it_cannot_be_moved_to_another_job() -> None:
    sealer = KeyringSealer(ring())
    with pytest.raises(ValueError, match="about something else"):
        sealer.open(sealer.seal(SECRET, about="one job"), about="another job")


def test_another_deployments_key_of_the_same_name_opens_nothing() -> None:
    theirs, ours = KeyringSealer(ring(jwk("HS256", bits=256))), KeyringSealer(ring(jwk("HS256", bits=512)))
    with pytest.raises(ValueError, match="not sealed here"):
        ours.open(theirs.seal(SECRET, about="one job"), about="one job")


@pytest.mark.parametrize("text", ["", ".", "k1", "k1.", "k1.!", "k1.AAAA", "k1.\u00e4", ".AAAA", "a sentence"])
def test_what_never_was_sealed_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  whichever: the codec makes one error of them
        KeyringSealer(ring()).open(text, about="one job")


def test_every_changed_byte_is_seen() -> None:
    sealer = KeyringSealer(ring())
    kid, _, text = sealer.seal(SECRET, about="one job").partition(".")
    raw = urlsafe_b64decode(text)
    for place, byte in enumerate(raw):
        changed = raw[:place] + bytes([byte ^ 1]) + raw[place + 1 :]
        with pytest.raises(ValueError, match="not sealed here"):
            sealer.open(f"{kid}.{urlsafe_b64encode(changed).decode()}", about="one job")


def test_a_key_that_is_kept_opens_what_it_sealed() -> None:
    old, new = jwk("EdDSA", "old"), jwk("EdDSA", "new")
    sealed = KeyringSealer(ring(old)).seal(SECRET, about="one job")
    rotated = KeyringSealer(ring(new, old))
    assert rotated.open(sealed, about="one job") == SECRET
    assert rotated.seal(SECRET, about="one job").startswith("new.")


def test_a_key_that_is_not_here_is_named() -> None:
    """It may be new, and come to this process yet: that is another error, which lets the job wait."""
    sealed = KeyringSealer(ring(jwk("EdDSA", "new.2026"))).seal(SECRET, about="one job")
    with pytest.raises(SealedElsewhereError, match=r"under the key new\.2026, which is not among"):
        KeyringSealer(ring(jwk("EdDSA", "old"))).open(sealed, about="one job")
