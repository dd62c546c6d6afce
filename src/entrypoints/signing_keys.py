import os
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

from adapters.crypto.keyring import InvalidKeyError, Keyring, generate_jwks, read_keyring
from entrypoints.settings import DEVELOPMENT_KEY, Settings


def load_keyring(settings: Settings) -> Keyring:
    """The keys of the settings; in development, without any, those of `<home>/signing-keys.json`.

    Raise `InvalidKeyError` or `OSError`.
    """
    if settings.signing_keys:
        keyring = read_keyring(settings.signing_keys)
    elif settings.signing_keys_file:
        keyring = _read_file(Path(settings.signing_keys_file))
    else:
        keyring = _read_file(_development_keys(settings.home / "signing-keys.json"))
    if settings.is_production and any(kid.startswith(DEVELOPMENT_KEY) for kid in keyring.kids):
        raise InvalidKeyError("these are the signing keys of `taruvi dev`, which production refuses")
    return keyring


def _read_file(path: Path) -> Keyring:
    try:
        return read_keyring(path.read_text(encoding="utf-8"))
    except (InvalidKeyError, UnicodeDecodeError) as error:
        raise InvalidKeyError(f"{path}: {error}") from error


def _development_keys(path: Path) -> Path:
    """Made once and kept, so that a restart logs nobody out; whoever comes first makes them.

    They appear under their name once they are written in full, and nobody else may read them.
    """
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    opened, draft = mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(opened, "w", encoding="utf-8") as file:
            file.write(generate_jwks(DEVELOPMENT_KEY))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()
    return path
