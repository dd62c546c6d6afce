import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from adapters.crypto.keyring import InvalidKeyError, generate_jwks
from entrypoints.settings import DEVELOPMENT_KEY, Settings
from entrypoints.signing_keys import load_keyring
from tests.crypto.keys import jwk, jwks


def settings(home: Path, **changes: Any) -> Settings:
    return Settings(home=home, **changes)


def test_development_makes_a_key_once_and_keeps_it(tmp_path: Path) -> None:
    home = tmp_path / "not" / "yet"

    first, second = load_keyring(settings(home)), load_keyring(settings(home))

    assert first.kids == second.kids
    assert first.current.kid.startswith(DEVELOPMENT_KEY)


def test_the_key_is_its_owners_alone_and_nothing_else_stays_behind(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        load_keyring(settings(tmp_path))
    finally:
        os.umask(old)

    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    many = 8
    together = Barrier(many)

    def process(_: int) -> tuple[str, ...]:
        together.wait(10)
        return load_keyring(settings(tmp_path)).kids

    with ThreadPoolExecutor(many) as pool:
        found = set(pool.map(process, range(many)))

    assert len(found) == 1
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b'{"keys": []}'])
def test_a_broken_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "signing-keys.json"
    path.write_bytes(content)

    with pytest.raises(InvalidKeyError, match=r"signing-keys\.json: "):
        load_keyring(settings(tmp_path))
    with pytest.raises(InvalidKeyError, match=r"signing-keys\.json: "):
        load_keyring(settings(tmp_path, signing_keys_file=str(path)))


def test_reads_the_keys_of_the_settings_and_of_their_file_and_makes_none(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(jwks(jwk("EdDSA", "from-file")))
    home = tmp_path / "home"

    assert load_keyring(settings(home, signing_keys=jwks(jwk("EdDSA", "given")))).kids == ("given",)
    assert load_keyring(settings(home, signing_keys_file=str(file))).kids == ("from-file",)
    assert not home.exists()


def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="missing"):
        load_keyring(settings(tmp_path, signing_keys_file=str(tmp_path / "missing")))


@pytest.mark.parametrize("spaces", [True, False])
def test_production_refuses_keys_of_development_wherever_they_stand(tmp_path: Path, *, spaces: bool) -> None:
    keys = generate_jwks(DEVELOPMENT_KEY)
    keys = keys if spaces else keys.replace(" ", "")
    file = tmp_path / "keys"
    file.write_text(keys)

    for place in ({"signing_keys": keys}, {"signing_keys_file": str(file)}):
        assert load_keyring(settings(tmp_path, **place)).kids
        with pytest.raises(InvalidKeyError, match="production refuses"):
            load_keyring(settings(tmp_path, environment="production", **place))
