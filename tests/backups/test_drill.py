"""The restore drill: every row of every table and every byte of every file comes back, or nothing does."""

import pytest

from application.backups.ask_for_restore import AskForUnarchive
from domain.backups.manifest import OF_SESSIONS, UNFINISHED
from tests.backups.conftest import Drill

pytestmark = pytest.mark.storage


async def test_a_backup_comes_back_as_another_site(drill: Drill) -> None:
    scope, odd = await drill.odd_site()
    before, bytes_before = await odd.rows(), await odd.files()
    assert all(before.values()), [name for name, rows in before.items() if not rows]

    copy = drill.odd(await drill.copy(scope.slug, "berlin", await drill.back_up(scope.slug)))
    after = await copy.rows()
    assert not any(after.pop(name) for name in OF_SESSIONS | UNFINISHED)
    assert after == {name: rows for name, rows in before.items() if name in after}
    assert await copy.files() == bytes_before
    assert await odd.rows() == before
    assert await copy.writes_history()


async def test_an_archived_site_comes_back_as_it_was(drill: Drill) -> None:
    scope, odd = await drill.odd_site()
    before, bytes_before = await odd.rows(), await odd.files()
    await drill.archive(scope.slug)
    assert (await odd.rows(), await drill.status(scope)) == ({}, "archived")

    async with drill.world.acting() as container:
        asked = await (await container.get(AskForUnarchive))(slug=scope.slug, queued=False)
    await drill.restore(asked, as_it_was=True)
    assert await odd.rows() == before
    assert await odd.files() == bytes_before
    assert await drill.status(scope) == "active"


async def test_a_site_goes_back_to_what_it_was_and_what_it_had_is_kept(drill: Drill) -> None:
    scope, odd = await drill.odd_site()
    backup_id = await drill.back_up(scope.slug)
    then, bytes_then = await odd.rows(), await odd.files()
    await odd.change()
    changed = await odd.rows()
    assert changed["projects"] != then["projects"]
    (lost,) = bytes_then.keys() - (await odd.files()).keys()
    await odd.lose_bytes(lost)

    asked = await drill.restore_in_place(scope.slug, backup_id)
    after = await odd.rows()
    assert not any(after.pop(name) for name in OF_SESSIONS | UNFINISHED)
    assert after == {name: rows for name, rows in then.items() if name in after}
    assert await odd.files() == bytes_then
    assert await drill.status(scope) == "active"

    assert asked.previous_id is not None
    previous = await drill.odd(await drill.copy(scope.slug, "previous", asked.previous_id)).rows()
    assert previous["projects"] == changed["projects"]
