"""What the store keeps of files, and for how long; and what a copy may not do."""

from uuid import UUID

import httpx
import pytest

from application.backups.discard_backup import DiscardBackup
from application.backups.expire_backups import ExpireBackups
from application.backups.store import FileVault
from application.files.ports import StorageLimitError
from application.tenancy.change_organization import ChangeOrganization
from domain.backups.backup import BackupKind
from domain.tenancy.organization import OrganizationChanges
from domain.tenancy.scope import SiteScope
from tests.backups.conftest import Drill
from tests.world import token

pytestmark = [
    pytest.mark.storage,
    pytest.mark.parametrize("drill_url", ["database_url"], indirect=True, ids=["embedded"]),
]


async def kept(drill: Drill, scope: SiteScope) -> set[UUID]:
    async with drill.world.acting() as container:
        vault = await container.get(FileVault)
        return {upload_id async for upload_id, _size in vault.kept(scope.site_id)}


async def test_files_are_kept_once_and_as_long_as_a_backup_needs_them(drill: Drill) -> None:
    scope, odd = await drill.odd_site()
    first_files = set(await odd.files())
    first = await drill.back_up(scope.slug)
    await odd.change()
    second_files = set(await odd.files())
    second = await drill.back_up(scope.slug)
    assert first_files > second_files
    assert await kept(drill, scope) == first_files

    async with drill.world.acting() as container:
        await (await container.get(ExpireBackups))()
        assert await kept(drill, scope) == first_files
        await (await container.get(DiscardBackup))(slug=scope.slug, backup_id=first)
        await (await container.get(ExpireBackups))()
    assert await kept(drill, scope) == second_files
    assert set(await drill.odd(await drill.copy(scope.slug, "copy", second)).files()) == second_files


async def test_no_file_goes_while_a_backup_is_taken_that_may_need_it(drill: Drill) -> None:
    scope, odd = await drill.odd_site()
    files = set(await odd.files())
    first = await drill.back_up(scope.slug)
    await drill.ask(scope.slug, BackupKind.BACKUP)
    async with drill.world.acting() as container:
        await (await container.get(DiscardBackup))(slug=scope.slug, backup_id=first)
        await (await container.get(ExpireBackups))()
    assert await kept(drill, scope) == files


async def test_a_copy_that_the_plan_has_no_room_for_leaves_nothing_behind(drill: Drill) -> None:
    scope, odd = await drill.odd_site()
    backup_id = await drill.back_up(scope.slug)
    used = sum(len(content) for content in (await odd.files()).values())
    async with drill.world.acting() as container:
        changes = OrganizationChanges(max_storage_bytes=used - 1)
        await (await container.get(ChangeOrganization))(slug=drill.world.organization, changes=changes, seen=None)
    with pytest.raises(StorageLimitError):
        await drill.copy(scope.slug, "large", backup_id)
    assert await drill.scratches() == 0
    slug = drill.world.slug("large")
    assert await drill.connection.fetchval("select status from public.sites where slug = $1", slug) == "provisioning"


async def test_a_copy_takes_no_token_of_the_site(drill: Drill) -> None:
    scope = await drill.world.site()
    await drill.world.admin(scope)
    async with drill.world.http() as client:
        log_in = {"username": "admin", "password": "a-good-password"}
        pair = (await client.post(f"{drill.world.host()}/api/auth/jwt/token/", json=log_in)).json()
        await drill.copy(scope.slug, "copy", await drill.back_up(scope.slug))
        await client.catch_up()
        there = drill.world.host("copy")
        answers = [
            await client.get(f"{there}/api/users/me/", headers={"Authorization": f"Bearer {pair['access']}"}),
            await client.post(f"{there}/api/auth/jwt/refresh/", json={"refresh": pair["refresh"]}),
        ]
        assert [answer.status_code for answer in answers] == [401, 401]
        mine: httpx.Response = await client.get(f"{there}/api/users/me/", headers=await token(client, there))
        assert mine.status_code == 200
