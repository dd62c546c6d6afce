import msgspec

from application.backups.ports import ManifestCodec
from domain.backups.backup import BackupDamagedError
from domain.backups.manifest import FORMAT, Manifest


class JsonManifestCodec(ManifestCodec):
    """JSON, for people too: whoever has the objects of a backup can tell what they are."""

    def write(self, manifest: Manifest) -> bytes:
        return msgspec.json.format(msgspec.json.encode(manifest), indent=1)

    def read(self, stored: bytes) -> Manifest:
        try:
            manifest = msgspec.json.decode(stored, type=Manifest)
        except msgspec.MsgspecError as error:
            raise BackupDamagedError("the manifest of the backup cannot be read") from error
        if manifest.format != FORMAT:
            raise BackupDamagedError(f"the manifest has format {manifest.format}, this release reads {FORMAT}")
        return manifest
