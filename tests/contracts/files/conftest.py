from collections.abc import AsyncIterator

import pytest

from tests.depots import Depot, memory_depot, s3_depot


@pytest.fixture(params=["memory", pytest.param("s3", marks=pytest.mark.storage)])
async def depot(request: pytest.FixtureRequest) -> AsyncIterator[Depot]:
    """Each object store in turn, with whatever other tests left in it."""
    if request.param == "memory":
        yield memory_depot()[0]
        return
    async with s3_depot(request.getfixturevalue("storage_url")) as (real, _bucket):
        yield real
