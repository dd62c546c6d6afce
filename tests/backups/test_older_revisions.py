import pytest

from adapters.postgres.migrations import TENANT_HISTORY
from adapters.postgres.sql import create_schema, drop_schema, script_within
from tests.backups.conftest import Drill

pytestmark = pytest.mark.storage


@pytest.mark.parametrize("revision", ["0001", "0003", "0005"])
async def test_a_backup_of_an_older_release_is_migrated_forward(drill: Drill, revision: str) -> None:
    scope = await drill.world.site()
    schema = scope.schema
    await drill.connection.execute(f"{drop_schema(schema)}; {create_schema(schema)}")
    async with drill.connection.transaction():
        await drill.connection.execute(script_within(TENANT_HISTORY.upgrade("base", revision), schema))
    user_id = await drill.odd(scope).add_user("an old one")
    then = await drill.odd(scope).rows()
    backup_id = await drill.back_up(scope.slug)
    assert (await drill.find(backup_id)).revision == revision

    copy = await drill.copy(scope.slug, "newer", backup_id)
    found = await drill.connection.fetchrow(f'select * from "{copy.schema.name}".users where id = $1', user_id)
    assert found is not None
    assert found["first_name"] == "an old one"
    assert (await drill.odd(copy).rows())["history"] == then["history"]
    versions = f'"{copy.schema.name}".alembic_version'
    recorded = "(select revision from public.sites where id = $1)"
    at = await drill.connection.fetchrow(f"select version_num, {recorded} from {versions}", copy.site_id)
    assert tuple(at or ()) == (TENANT_HISTORY.head, TENANT_HISTORY.head)
