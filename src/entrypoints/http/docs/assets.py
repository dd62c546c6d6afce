from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parent / "static"

MEDIA_TYPES: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}

# All that can be fetched: a request picks from this table, its path never reaches the file system.
ASSETS: Final = {(file.parent.name, file.name): file for file in sorted(STATIC.glob("*/*")) if file.is_file()}


def media_type_of(asset: Path) -> str:
    """Say what the asset is; what has no entry is a licence text."""
    return MEDIA_TYPES.get(asset.suffix, "text/plain")
