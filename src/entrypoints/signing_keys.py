import os
from contextlib import suppress
from pathlib import Path

from adapters.crypto.keyring import Keyring, generate_jwks, read_keyring
from entrypoints.settings import DEVELOPMENT_KEY, Settings


def load_keyring(settings: Settings) -> Keyring:
    """The keys of the settings; in development, without any, those of `<home>/signing-keys.json`.

    Raise `InvalidKeyError` or `OSError`.
    """
    if settings.signing_keys:
        return read_keyring(settings.signing_keys)
    if settings.signing_keys_file:
        return read_keyring(Path(settings.signing_keys_file).read_text(encoding="utf-8"))
    return read_keyring(_development_keys(settings.home / "signing-keys.json"))


def _development_keys(path: Path) -> str:
    """Made once and kept, so that a restart logs nobody out; whoever comes first makes them."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(generate_jwks(DEVELOPMENT_KEY), encoding="utf-8")
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
    return path.read_text(encoding="utf-8")
