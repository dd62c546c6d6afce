from adapters.s3.bucket import Bucket
from adapters.s3.errors import reached
from adapters.s3.multipart import Multipart
from application.files.store import FileStoreUnavailableError


async def discard_under(bucket: Bucket, prefix: str) -> None:
    """Every object whose key begins so, and every upload in parts. Safe to repeat."""
    with reached():
        await Multipart(bucket).abort_all(prefix)
        while await _delete_some(bucket, bucket.prefix + prefix):
            pass


async def discard_keys(bucket: Bucket, keys: list[str]) -> None:
    """A thousand at most. Safe to repeat."""
    with reached():
        await _delete(bucket, [bucket.prefix + key for key in keys])


async def _delete_some(bucket: Bucket, prefix: str) -> bool:
    """The first thousand; false where there are none."""
    page = await bucket.client.list_objects_v2(Bucket=bucket.name, Prefix=prefix)
    keys = [one["Key"] for one in page.get("Contents", ())]
    await _delete(bucket, keys)
    return bool(keys)


async def _delete(bucket: Bucket, keys: list[str]) -> None:
    if not keys:
        return
    asked = {"Objects": [{"Key": key} for key in keys], "Quiet": True}
    done = await bucket.client.delete_objects(Bucket=bucket.name, Delete=asked)
    if done.get("Errors"):
        raise FileStoreUnavailableError
