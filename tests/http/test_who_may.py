"""Every cell of the table in `who_may`, against the real application."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from tests.http.authorization import rendered
from tests.http.stage import BASE, Stage
from tests.http.who_may import IN_SITE, ON_PLATFORM, PLATFORM_TABLE, SITE_TABLE, rows
from tests.world import memory_world

DOCS: Final = Path(__file__).parents[2] / "docs"


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with memory_world() as world, world.http() as client:
        stage = Stage(world, client)
        await stage.set_up()
        yield stage


@pytest.mark.parametrize(
    ("operation", "statuses"),
    rows(PLATFORM_TABLE, ON_PLATFORM),
    ids=[name for name, _ in rows(PLATFORM_TABLE, ON_PLATFORM)],
)
async def test_on_the_platforms_host(stage: Stage, operation: str, statuses: dict[str, int]) -> None:
    seen = {}
    for who in statuses:
        things, headers = await stage.platform_things(), await stage.on_platform(who)
        seen[who] = await stage.ask(BASE, operation, things, headers)
    assert seen == statuses


@pytest.mark.parametrize(
    ("operation", "statuses"), rows(SITE_TABLE, IN_SITE), ids=[name for name, _ in rows(SITE_TABLE, IN_SITE)]
)
async def test_on_a_sites_host(stage: Stage, operation: str, statuses: dict[str, int]) -> None:
    seen = {}
    for who in statuses:
        things = await stage.site_things()
        seen[who] = await stage.ask(stage.world.host(), operation, things, await stage.in_site(who, things))
    assert seen == statuses


def test_the_document_is_made_from_the_table() -> None:
    assert (DOCS / "authorization.md").read_text(encoding="utf-8").strip() == rendered().strip()


def test_the_table_has_every_operation_for_whoever_is_signed_in() -> None:
    paths = json.loads((DOCS / "openapi.json").read_text(encoding="utf-8"))["paths"]
    documented = {
        (method.upper(), re.sub(r"{.*?}", "{}", path))
        for path, operations in paths.items()
        for method, operation in operations.items()
        if method in {"get", "post", "put", "patch", "delete"} and "security" in operation
    }
    named = [name.split() for name, _ in rows(PLATFORM_TABLE, ON_PLATFORM) + rows(SITE_TABLE, IN_SITE)]
    tried = {(method, re.sub(r"{.*?}", "{}", path.partition("?")[0].rstrip("/"))) for method, path, *_ in named}
    assert documented - tried == set()
