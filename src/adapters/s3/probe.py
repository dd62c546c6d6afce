"""Whether the bucket can be used for all that is done with it."""

import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from adapters.s3.bucket import Bucket
from adapters.s3.errors import outage
from adapters.s3.multipart import Multipart

_FAILURES: Final = (ClientError, BotoCoreError, OSError, TimeoutError, ValueError)
_CONTENT: Final = b"written by taruvi doctor"


async def probe(bucket: Bucket) -> str:
    """Reach it, write, read, list and delete one small object: what does not work; empty if all does."""
    place = bucket.at(f"taruvi-doctor-{secrets.token_hex(8)}")
    for step, attempt in _steps(bucket, place):
        try:
            await attempt()
        except _FAILURES as error:
            with suppress(*_FAILURES):
                await bucket.client.delete_object(**place)
            return f"cannot {step}: {outage(error)}"
    return ""


def _steps(bucket: Bucket, place: Mapping[str, str]) -> Iterator[tuple[str, Callable[[], Awaitable[object]]]]:
    client = bucket.client

    async def read() -> None:
        answer = await client.get_object(**place)
        async with answer["Body"] as body:
            if await body.content.read() != _CONTENT:
                raise ValueError("what was written is not what was read")

    yield "reach the bucket", lambda: client.head_bucket(Bucket=bucket.name)
    yield "write an object", lambda: client.put_object(**place, Body=_CONTENT, **bucket.encryption)
    yield "read an object", read
    yield "list objects", lambda: client.list_objects_v2(Bucket=bucket.name, Prefix=place["Key"])
    yield "list uploads in parts", lambda: anext(Multipart(bucket).under(place["Key"]), None)
    yield "delete an object", lambda: client.delete_object(**place)
