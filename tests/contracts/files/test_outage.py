"""The store goes away in the middle, and comes back: the same client goes on."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.embedded.storage import EmbeddedStorage
from application.files.store import FileStore, FileStoreUnavailableError
from tests.depots import PART_BYTES, Depot, a_scope, an_upload, memory_depot, s3_depot, soon, terms_of
from tests.embedded.processes import kill_store
from tests.services import a_free_port

CONTENT = b"Berlin, 1989\n"
LARGE = terms_of(bytes(PART_BYTES + 1))


@dataclass(frozen=True, slots=True)
class Shaky:
    depot: Depot
    down: Callable[[], None]
    up: Callable[[], object]


@pytest.fixture(params=["memory", pytest.param("s3", marks=pytest.mark.storage)])
async def shaky(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Shaky]:
    if request.param == "memory":
        depot, objects = memory_depot()
        yield Shaky(depot, lambda: setattr(objects, "is_down", True), lambda: setattr(objects, "is_down", False))
        return
    home, port = tmp_path / ".taruvi", a_free_port()
    with ExitStack() as running:

        def up() -> str:
            return running.enter_context(EmbeddedStorage(home, port=port))

        async with s3_depot(up()) as (real, _bucket):
            yield Shaky(real, lambda: kill_store(home), up)


Attempt = Callable[[FileStore, Depot], Awaitable[object]]
ATTEMPTS: dict[str, Attempt] = {
    "sign parts": lambda files, _depot: files.sign_upload(an_upload(), LARGE, until=soon()),
    "settle": lambda files, _depot: files.settle(an_upload(), terms_of(CONTENT), None),
    "settle parts": lambda files, _depot: files.settle(an_upload(), LARGE, "a-handle"),
    "discard": lambda files, _depot: files.discard(an_upload(), None),
    "stored": lambda files, _depot: anext(aiter(files.stored())),
    "sites": lambda _files, depot: anext(aiter(depot.sites.sites())),
    "discard site": lambda _files, depot: depot.sites.discard_site(a_scope().site_id),
}


async def test_an_outage_is_told_and_gets_over(shaky: Shaky) -> None:
    scope, upload_id = a_scope(), an_upload()
    files = shaky.depot.files(scope)
    upload = await files.sign_upload(upload_id, terms_of(CONTENT), until=soon())
    await shaky.depot.put(upload, CONTENT)

    shaky.down()
    for attempt in ATTEMPTS.values():
        with pytest.raises(FileStoreUnavailableError) as told:
            await attempt(files, shaky.depot)
        assert told.value.retry_after == 5
    with pytest.raises(FileStoreUnavailableError):
        await files.settle(upload_id, terms_of(CONTENT), None)

    shaky.up()
    await files.settle(upload_id, terms_of(CONTENT), None)
    assert await shaky.depot.stored(scope) == [(upload_id, None)]
    url = await files.sign_download(upload_id, name="a", content_type="text/plain", until=soon())
    assert (await shaky.depot.fetch(url)).content == CONTENT
