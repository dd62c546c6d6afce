"""Whatever a file is called, its bytes are where its site's are: names are metadata, never keys."""

import json
import unicodedata
from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.http.staff import Person, sign_in
from tests.http.uploading import FILES, HELLO, announced, send
from tests.world import World, memory_world

PIECES: Final = (
    *("..", ".", "/", "\\", "%2e%2e", "%2F", "%5c", "\0", "\r\n", "\n", "\u2028", "\u202e", "\ufeff", "a", " ", "é"),
    *(
        "𝕏",
        "\ud800",
        "?",
        "#",
        "&",
        "=",
        ";",
        '"',
        "'",
        "<script>",
        "incoming",
        "files",
        "x" * 255,
        "y" * 1024,
        "~",
        "|",
    ),
)
NAMES: Final = st.one_of(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join), st.text(max_size=1024))


@pytest.fixture
async def at_acme() -> AsyncIterator[tuple[World, str, Person]]:
    async with memory_world() as world:
        site = await world.site()
        await world.admin(site)
        async with world.http() as client:
            yield world, str(site.site_id), await sign_in(client, world.host(), "admin")


def is_sound(name: str) -> bool:
    """What `docs/` say of names, in words of its own."""
    kinds = {unicodedata.category(one) for one in name}
    one_line = not kinds & {"Cc", "Cs", "Zl", "Zp"}
    return one_line and 0 < len(name) <= 255 and not set(name) & set("/\\") and name.strip() not in ("", ".", "..")


def place_of(url: str) -> tuple[str, list[str]]:
    """The site in whose prefix a signed URL lies, and what is not plain in its path."""
    path = urlsplit(url).path
    assert unquote(path) == path
    return path.split("/")[1], [part for part in path.split("/")[1:] if part in ("", ".", "..")]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES)
async def test_no_name_leads_out_of_the_prefix_of_its_site(at_acme: tuple[World, str, Person], name: str) -> None:
    world, site_id, ada = at_acme
    body = json.dumps(announced(name=name)).encode()
    answer = await ada("POST", f"{FILES}/", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == (201 if is_sound(name) else 400), name
    if answer.status_code == 400:
        return
    file = answer.json()
    assert file["name"] == name
    assert place_of(file["upload"]["url"]) == (site_id, [])
    send(world, file["upload"])
    assert (await ada("POST", f"{FILES}/{file['id']}/complete/")).status_code == 200
    download = await ada("GET", f"{FILES}/{file['id']}/download/")
    assert place_of(download.headers["Location"]) == (site_id, [])
    found = world.objects.fetch(download.headers["Location"])
    assert found.content == HELLO
    assert found.headers["content-disposition"].startswith("attachment")
    assert {str(key[0]) for key in world.objects.objects} == {site_id}
