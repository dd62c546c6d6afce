"""What each object store does for one site."""

import os
from dataclasses import replace
from datetime import timedelta

import pytest

from application.files.attachment import attachment
from application.files.store import NotUploadedError, UploadDiffersError
from domain.tenancy.scope import PlatformScope
from tests.depots import PART_BYTES, Depot, a_scope, an_upload, now, soon, terms_of

CONTENT = b"Berlin, 1989\n"
LARGE = os.urandom(2 * PART_BYTES + 17)


@pytest.mark.parametrize("content", [CONTENT, b"", b"x" * PART_BYTES], ids=["a few", "none", "a whole part"])
async def test_what_was_uploaded_is_downloaded_when_it_is_settled(depot: Depot, content: bytes) -> None:
    files, upload_id = depot.files(a_scope()), an_upload()
    until = soon()
    upload = await files.sign_upload(upload_id, terms_of(content), until=until)
    assert (len(upload.parts), upload.handle, upload.expires_at) == (1, None, until)
    assert (upload.parts[0].offset, upload.parts[0].size) == (0, len(content))
    await depot.put(upload, content)
    await files.settle(upload_id, terms_of(content), None)

    url = await files.sign_download(upload_id, name="wall.txt", content_type="text/plain", until=soon())
    answer = await depot.fetch(url)
    assert (answer.status, answer.content) == (200, content)
    assert answer.headers["content-type"] == "text/plain"
    assert answer.headers["content-disposition"] == "attachment; filename=\"wall.txt\"; filename*=UTF-8''wall.txt"


@pytest.mark.parametrize("name", ["ü" * 1024, "../" * 341 + ".", "\U0001f600" * 1024, "a\0\r\nb: c"])
async def test_the_worst_names_can_be_downloaded(depot: Depot, name: str) -> None:
    files, upload_id = depot.files(a_scope()), an_upload()
    await depot.put(await files.sign_upload(upload_id, terms_of(CONTENT), until=soon()), CONTENT)
    await files.settle(upload_id, terms_of(CONTENT), None)
    answer = await depot.fetch(await files.sign_download(upload_id, name=name, content_type="", until=soon()))
    assert (answer.status, answer.headers["content-disposition"]) == (200, attachment(name))


async def test_a_name_of_another_script_arrives(depot: Depot) -> None:
    files, upload_id = depot.files(a_scope()), an_upload()
    await depot.put(await files.sign_upload(upload_id, terms_of(CONTENT, "text/html"), until=soon()), CONTENT)
    await files.settle(upload_id, terms_of(CONTENT, "text/html"), None)
    url = await files.sign_download(upload_id, name='Über/das "Haus".html', content_type="text/html", until=soon())
    answer = await depot.fetch(url)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"_ber_das _Haus_.html\"; filename*=UTF-8''%C3%9Cber_das%20_Haus_.html"
    )


async def test_nothing_can_be_downloaded_before_it_is_settled(depot: Depot) -> None:
    files, upload_id = depot.files(a_scope()), an_upload()
    await depot.put(await files.sign_upload(upload_id, terms_of(CONTENT), until=soon()), CONTENT)
    url = await files.sign_download(upload_id, name="a", content_type="text/plain", until=soon())
    assert (await depot.fetch(url)).status == 404


async def test_settling_can_be_repeated(depot: Depot) -> None:
    scope, upload_id = a_scope(), an_upload()
    files = depot.files(scope)
    await depot.put(await files.sign_upload(upload_id, terms_of(CONTENT), until=soon()), CONTENT)
    for _ in range(3):
        await files.settle(upload_id, terms_of(CONTENT), None)
    assert await depot.stored(scope) == [(upload_id, None)]


async def test_what_was_not_uploaded_cannot_be_settled(depot: Depot) -> None:
    with pytest.raises(NotUploadedError):
        await depot.files(a_scope()).settle(an_upload(), terms_of(CONTENT), None)


@pytest.mark.parametrize(
    "announced",
    [
        terms_of(b"Berlin, 1961\n"),
        terms_of(CONTENT + b"and more"),
        terms_of(CONTENT[:-1]),
        replace(terms_of(CONTENT), sha256=bytes(32)),
    ],
    ids=["other bytes", "longer", "shorter", "another sum"],
)
async def test_what_differs_is_thrown_away(depot: Depot, announced: object) -> None:
    scope, upload_id = a_scope(), an_upload()
    files = depot.files(scope)
    await depot.put(await files.sign_upload(upload_id, terms_of(CONTENT), until=soon()), CONTENT)
    with pytest.raises(UploadDiffersError):
        await files.settle(upload_id, announced, None)  # type: ignore[arg-type]  # parametrized
    assert await depot.stored(scope) == []
    with pytest.raises(NotUploadedError):
        await files.settle(upload_id, terms_of(CONTENT), None)


async def test_a_request_that_is_still_good_does_not_change_what_is_settled(depot: Depot) -> None:
    """Also where the store does not check sums itself, and takes other bytes of the same length."""
    scope, upload_id = a_scope(), an_upload()
    files = depot.files(scope)
    upload = await files.sign_upload(upload_id, terms_of(CONTENT), until=soon())
    await depot.put(upload, CONTENT)
    await files.settle(upload_id, terms_of(CONTENT), None)

    again = await depot.send(upload.parts[0].request, CONTENT[::-1])
    assert await depot.stored(scope) == [(upload_id, None)] * (1 if again.is_refused else 2)
    url = await files.sign_download(upload_id, name="a", content_type="text/plain", until=soon())
    assert (await depot.fetch(url)).content == CONTENT
    await files.settle(upload_id, terms_of(CONTENT), None)
    assert (await depot.fetch(url)).content == CONTENT
    assert await depot.stored(scope) == [(upload_id, None)]


async def test_what_is_sent_once_more_can_be_discarded_and_what_is_settled_stays(depot: Depot) -> None:
    scope, upload_id = a_scope(), an_upload()
    files = depot.files(scope)
    upload = await files.sign_upload(upload_id, terms_of(CONTENT), until=soon())
    await depot.put(upload, CONTENT)
    assert [one.is_incoming async for one in files.stored()] == [True]
    await files.settle(upload_id, terms_of(CONTENT), None)
    await depot.put(upload, CONTENT)
    assert sorted([one.is_incoming async for one in files.stored()]) == [False, True]
    await depot.files(a_scope()).discard_incoming(upload_id)
    assert len(await depot.stored(scope)) == 2

    for _ in range(2):
        await files.discard_incoming(upload_id)
    assert [(one.id, one.is_incoming) async for one in files.stored()] == [(upload_id, False)]
    url = await files.sign_download(upload_id, name="a", content_type="text/plain", until=soon())
    assert (await depot.fetch(url)).content == CONTENT


async def test_a_large_upload_is_in_parts(depot: Depot) -> None:
    scope, upload_id = a_scope(), an_upload()
    files = depot.files(scope)
    upload = await files.sign_upload(upload_id, terms_of(LARGE), until=soon())
    assert [(part.offset, part.size) for part in upload.parts] == [
        (0, PART_BYTES),
        (PART_BYTES, PART_BYTES),
        (2 * PART_BYTES, 17),
    ]
    assert upload.handle
    assert await depot.stored(scope) == [(upload_id, upload.handle)]
    await depot.put(upload, LARGE)
    await files.settle(upload_id, terms_of(LARGE), upload.handle)
    await files.settle(upload_id, terms_of(LARGE), upload.handle)

    assert await depot.stored(scope) == [(upload_id, None)]
    url = await files.sign_download(upload_id, name="a", content_type="image/png", until=soon())
    assert (await depot.fetch(url)).content == LARGE


async def test_parts_can_be_sent_again_and_in_any_order_until_it_is_settled(depot: Depot) -> None:
    files, upload_id = depot.files(a_scope()), an_upload()
    upload = await files.sign_upload(upload_id, terms_of(LARGE), until=soon())
    first, second, last = upload.parts
    with pytest.raises(NotUploadedError):
        await files.settle(upload_id, terms_of(LARGE), upload.handle)
    for part in (last, first, last):
        await depot.send(part.request, LARGE[part.offset : part.offset + part.size])
    with pytest.raises(NotUploadedError, match=f"only {PART_BYTES + 17} of {len(LARGE)} bytes"):
        await files.settle(upload_id, terms_of(LARGE), upload.handle)
    await depot.send(second.request, LARGE[second.offset : second.offset + second.size])
    await files.settle(upload_id, terms_of(LARGE), upload.handle)


async def test_parts_of_other_bytes_are_thrown_away(depot: Depot) -> None:
    scope, upload_id = a_scope(), an_upload()
    files = depot.files(scope)
    upload = await files.sign_upload(upload_id, terms_of(LARGE), until=soon())
    await depot.put(upload, LARGE[::-1])
    with pytest.raises(UploadDiffersError):
        await files.settle(upload_id, terms_of(LARGE), upload.handle)
    assert await depot.stored(scope) == []


async def test_what_is_discarded_is_gone_in_every_state(depot: Depot) -> None:
    scope = a_scope()
    files = depot.files(scope)
    settled, put, begun, forgotten = (an_upload() for _ in range(4))
    for upload_id in (settled, put):
        await depot.put(await files.sign_upload(upload_id, terms_of(CONTENT), until=soon()), CONTENT)
    await files.settle(settled, terms_of(CONTENT), None)
    handle = (await files.sign_upload(begun, terms_of(LARGE), until=soon())).handle
    lost = (await files.sign_upload(forgotten, terms_of(LARGE), until=soon())).handle
    assert await depot.stored(scope) == sorted(
        [(settled, None), (put, None), (begun, handle), (forgotten, lost)], key=str
    )

    for upload_id, known in ((settled, None), (put, None), (begun, handle), (forgotten, None), (an_upload(), "x")):
        for _ in range(2):
            await files.discard(upload_id, known)
    assert await depot.stored(scope) == []


async def test_stored_tells_since_when(depot: Depot) -> None:
    scope = a_scope()
    files, before = depot.files(scope), now() - timedelta(seconds=2)
    await depot.put(await files.sign_upload(an_upload(), terms_of(CONTENT), until=soon()), CONTENT)
    await files.sign_upload(an_upload(), terms_of(LARGE), until=soon())
    changed = [one.changed_at async for one in files.stored()]
    assert len(changed) == 2
    assert all(before <= at <= now() + timedelta(seconds=2) for at in changed)


async def test_a_site_has_nothing_of_another(depot: Depot) -> None:
    one, other, upload_id = a_scope(), a_scope(), an_upload()
    files, foreign = depot.files(one), depot.files(other)
    await depot.put(await files.sign_upload(upload_id, terms_of(CONTENT), until=soon()), CONTENT)
    begun = await files.sign_upload(an_upload(), terms_of(LARGE), until=soon())
    await depot.put(begun, LARGE)

    with pytest.raises(NotUploadedError):
        await foreign.settle(upload_id, terms_of(CONTENT), None)
    with pytest.raises(NotUploadedError):
        await foreign.settle(upload_id, terms_of(LARGE), begun.handle)
    await files.settle(upload_id, terms_of(CONTENT), None)
    await foreign.discard(upload_id, begun.handle)
    assert await depot.stored(other) == []
    url = await foreign.sign_download(upload_id, name="a", content_type="text/plain", until=soon())
    assert (await depot.fetch(url)).status == 404
    assert (upload_id, None) in await depot.stored(one)


async def test_the_platform_has_no_files(depot: Depot) -> None:
    files = depot.files(PlatformScope())
    with pytest.raises(LookupError):
        await files.sign_upload(an_upload(), terms_of(CONTENT), until=soon())
    with pytest.raises(LookupError):
        await files.settle(an_upload(), terms_of(CONTENT), None)
    with pytest.raises(LookupError):
        await files.sign_download(an_upload(), name="a", content_type="text/plain", until=soon())
    with pytest.raises(LookupError):
        await files.discard(an_upload(), None)
    with pytest.raises(LookupError):
        _ = [one async for one in files.stored()]


async def test_a_site_can_be_emptied_and_others_stay(depot: Depot) -> None:
    gone, stays = a_scope(), a_scope()
    for scope in (gone, stays):
        files, settled = depot.files(scope), an_upload()
        await depot.put(await files.sign_upload(settled, terms_of(CONTENT), until=soon()), CONTENT)
        await files.settle(settled, terms_of(CONTENT), None)
        await depot.put(await files.sign_upload(an_upload(), terms_of(CONTENT), until=soon()), CONTENT)
        await files.sign_upload(an_upload(), terms_of(LARGE), until=soon())
    only_begun = a_scope()
    await depot.files(only_begun).sign_upload(an_upload(), terms_of(LARGE), until=soon())
    before = [site_id async for site_id in depot.sites.sites()]
    assert {gone.site_id, stays.site_id, only_begun.site_id} <= set(before)
    assert len(before) == len(set(before))

    for _ in range(2):
        await depot.sites.discard_site(gone.site_id)
    await depot.sites.discard_site(only_begun.site_id)
    after = {site_id async for site_id in depot.sites.sites()}
    assert stays.site_id in after
    assert not {gone.site_id, only_begun.site_id} & after
    assert len(await depot.stored(stays)) == 3
