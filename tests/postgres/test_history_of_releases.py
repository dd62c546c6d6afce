"""Entries that another release wrote, of a table that had fewer columns."""

from uuid import uuid4

import asyncpg
import pytest

from domain.audit.entry import CannotRevertError
from domain.shared.caller import Permission
from tests.contracts.audit.objects import caller_of, of_projects, opened
from tests.postgres.test_history import psql
from tests.world import World

__all__ = ["psql"]

pytestmark = pytest.mark.postgres


async def test_what_lacks_a_field_does_not_come_back(postgres: World, psql: asyncpg.Connection) -> None:
    site = await postgres.site()
    ada = await postgres.user(site, "ada")
    moon, lost = await opened(postgres, site, caller_of(ada.id, Permission.PROJECTS_CREATE)), uuid4()
    schema = site.schema.name
    gone = await psql.fetchval(
        f'insert into "{schema}".history (operation, table_name, row_id, before) select '
        f"'delete', 'projects', $2, to_jsonb(p) - 'status' - 'description' from \"{schema}\".projects p where id = $1 "
        "returning id",
        moon,
        lost,
    )
    with pytest.raises(CannotRevertError, match="nobody kept description and status of this project"):
        await of_projects(postgres, site).revert(gone, project_id=lost)
