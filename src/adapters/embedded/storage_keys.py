"""The access key of the embedded object store: made once, and readable by its owner alone."""

import json
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from adapters.embedded.errors import EmbeddedStorageError


class StorageKey(NamedTuple):
    key_id: str
    secret: str

    def __repr__(self) -> str:
        return f"StorageKey({self.key_id!r}, …)"


def storage_key(file: Path) -> StorageKey:
    """The one in `file`, made if there is none. Call it while holding the lock of the home."""
    with suppress(FileNotFoundError):
        return _read(file)
    key = StorageKey(f"dev-{secrets.token_hex(8)}", secrets.token_hex(32))
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        json.dump(key._asdict(), out)
    draft.replace(file)
    return key


def _read(file: Path) -> StorageKey:
    try:
        found = json.loads(file.read_text())
        return StorageKey(str(found["key_id"]), str(found["secret"]))
    except (ValueError, KeyError, TypeError) as error:
        raise EmbeddedStorageError(
            f"{file} is no access key of the object store. Remove it: another one is made, and no file is lost."
        ) from error
