import asyncio

from adapters.s3.address import read_address
from adapters.s3.bucket import open_bucket
from adapters.s3.signing import Signer, part_sizes, signed_parts
from tests.depots import PART_BYTES, now, soon

URL = "s3://key:secret@bucket?region=us-east-1&endpoint=http://127.0.0.1:9"
PARTS = 200


async def test_others_have_their_turn_while_many_parts_are_signed() -> None:
    """All ten thousand take seconds of computing."""
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    async with open_bucket(read_address(URL), part_bytes=PART_BYTES) as bucket:
        sizes = part_sizes(PARTS * PART_BYTES, PART_BYTES)
        waiting = asyncio.create_task(others())
        signed = await signed_parts(Signer(bucket, now), "a/files/b", "handle", sizes, soon())
        waiting.cancel()
    assert len(signed) == PARTS
    assert turns >= PARTS - 1
