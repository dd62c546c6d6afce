"""Every cell of the tables in `who_may`, against the real application."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from tests.http.test_openapi import OPERATIONS
from tests.http.who_may import bodies
from tests.http.who_may.document import TABLES, document
from tests.http.who_may.door_scene import DoorScene
from tests.http.who_may.in_site import DOOR, SITE
from tests.http.who_may.on_platform import PLATFORM
from tests.http.who_may.platform_scene import PlatformScene
from tests.http.who_may.scene import BASE, NOBODY, Bodies, Stage
from tests.http.who_may.site_scene import SiteScene
from tests.http.who_may.table import PUBLIC, Row, Table, shape
from tests.world import memory_world

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "authorization.md"
CASES: Final[tuple[tuple[Table, type[PlatformScene | SiteScene | DoorScene], Bodies], ...]] = (
    (PLATFORM, PlatformScene, bodies.ON_PLATFORM),
    (SITE, SiteScene, bodies.IN_SITE),
    (DOOR, DoorScene, bodies.IN_SITE),
)


@pytest.fixture(scope="module")
async def stage() -> AsyncIterator[Stage]:
    async with (
        memory_world() as world,
        world.http(login_limit_account=10_000, login_limit_account_and_address=10_000) as client,
    ):
        yield await Stage.open(world, client)


@pytest.mark.parametrize(
    ("row", "scene", "sent"),
    [
        pytest.param(row, scene, sent, id=f"{table.title}: {row.name}")
        for table, scene, sent in CASES
        for row in table.rows
    ],
)
async def test_each_caller_gets_what_the_table_says(
    stage: Stage, row: Row, scene: type[PlatformScene | SiteScene | DoorScene], sent: Bodies
) -> None:
    seen = {who: await scene(stage, who).ask(row, sent) for who in row.statuses}
    assert seen == row.statuses


def shapes(*tables: Table) -> set[str]:
    return {row.operation for table in tables for row in table.rows}


def test_every_operation_of_the_document_is_in_a_table_or_open_to_everybody() -> None:
    public = {shape(name) for name in PUBLIC}
    assert shapes(*TABLES) | public == {shape(name) for name in OPERATIONS}
    assert not shapes(*TABLES) & public


@pytest.mark.parametrize("name", PUBLIC)
def test_what_is_open_to_everybody_asks_for_no_token(name: str) -> None:
    assert "security" not in OPERATIONS[name]


@pytest.mark.parametrize("host", ["platform", "site"])
async def test_what_is_not_in_the_table_of_a_host_is_not_there(stage: Stage, host: str) -> None:
    platform = host == "platform"
    base, admin = (BASE, stage.root) if platform else (stage.world.host(), stage.adm)
    here = shapes(PLATFORM) if platform else shapes(SITE, DOOR)
    elsewhere = [name.replace("{}", NOBODY).split() for name in sorted(shapes(*TABLES) - here)]
    seen = {
        (method, path): {
            (await stage.client.request(method, base + path, headers=headers)).status_code for headers in ({}, admin)
        }
        for method, path in elsewhere
    }
    assert seen == {(method, path): {404} for method, path in elsewhere}


def test_the_document_is_made_from_the_tables() -> None:
    assert DOCUMENT.read_text(encoding="utf-8").strip() == document().strip()
