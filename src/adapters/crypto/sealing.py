"""Sealing what must not be readable in the database: AES-256-GCM under a key made of a signing key."""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from adapters.crypto.keyring import Keyring, SigningKey
from application.jobs.ports import SealedElsewhereError

_PURPOSE: Final = b"taruvi sealed job arguments"
_NONCE: Final = 12


class KeyringSealer:
    """Seals with the newest signing key and opens with any that is kept, like tokens: `<kid>.<base64url>`."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def seal(self, plain: bytes, *, about: str) -> str:
        key, nonce = self._keyring.current, os.urandom(_NONCE)
        sealed = nonce + _cipher(key).encrypt(nonce, plain, about.encode())
        return f"{key.kid}.{urlsafe_b64encode(sealed).decode()}"

    def open(self, sealed: str, *, about: str) -> bytes:
        """Raise `ValueError` for what was not sealed here, or about something else; `SealedElsewhereError`."""
        kid, _, text = sealed.rpartition(".")
        if not kid:
            raise ValueError("not sealed here")
        key = self._keyring.find(kid)
        if key is None:
            raise SealedElsewhereError(kid)
        raw = urlsafe_b64decode(text)
        try:
            return _cipher(key).decrypt(raw[:_NONCE], raw[_NONCE:], about.encode())
        except InvalidTag as error:
            raise ValueError("not sealed here, or about something else") from error


def _cipher(key: SigningKey) -> AESGCM:
    material = _material(key.private)
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(material))


def _material(private: Any) -> bytes:
    if isinstance(private, bytes):
        return private
    raw: bytes = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return raw
