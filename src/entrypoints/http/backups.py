from http import HTTPStatus
from typing import Any
from uuid import UUID

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, Request, delete, get
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.status_codes import HTTP_302_FOUND

from application.backups.discard_backup import DiscardBackup
from application.backups.read_backups import DownloadExport, ListBackups, ShowBackup
from application.backups.views import BackupView
from domain.backups.backup import BackupId
from entrypoints.http.answers import answers
from entrypoints.http.backups_wire import BackupListQuery
from entrypoints.http.file_answers import DownloadResponse
from entrypoints.http.guards import platform_user
from entrypoints.http.json_response import JsonResponse
from entrypoints.http.lists import ListResponse, listed, listing
from entrypoints.http.wire import from_query

BYTES = ResponseHeader(name="Location", description="Where the export is for five minutes.", documentation_only=True)


class BackupController(Controller):
    """The backups, archives and exports of a site, for owners of its organization."""

    path = "/api/sites/{slug:str}/backups"
    tags = ("Backups",)
    before_request = staticmethod(platform_user)
    security = ({"BearerToken": []},)

    @get(
        dependencies={"asked": Provide(from_query(BackupListQuery), sync_to_thread=False)},
        operation_class=listing(BackupListQuery),
        responses=answers(400, 422),
    )
    @inject
    async def list_backups(
        self,
        slug: FromPath[str],
        request: Request[Any, Any, Any],
        asked: NamedDependency[BackupListQuery],
        list_backups: FromDishka[ListBackups],
    ) -> ListResponse[BackupView]:
        """The backups, archives and exports of a site, newest first unless ordered otherwise."""
        return listed(await list_backups(slug=slug, query=asked.as_query()), asked, request)

    @get("/{backup_id:uuid}", responses=answers(422))
    @inject
    async def show_backup(
        self, slug: FromPath[str], backup_id: FromPath[UUID], show_backup: FromDishka[ShowBackup]
    ) -> BackupView:
        """One of them: `ready` is what was read back and compared."""
        return await show_backup(slug=slug, backup_id=BackupId(backup_id))

    @delete("/{backup_id:uuid}", responses=answers(422))
    @inject
    async def discard_backup(
        self, slug: FromPath[str], backup_id: FromPath[UUID], discard_backup: FromDishka[DiscardBackup]
    ) -> None:
        """Give one up: its bytes go. The last archive of an archived site stays."""
        await discard_backup(slug=slug, backup_id=BackupId(backup_id))

    @get(
        "/{backup_id:uuid}/download",
        status_code=HTTP_302_FOUND,
        response_headers=[BYTES],
        responses=answers(422),
    )
    @inject
    async def download_export(
        self, slug: FromPath[str], backup_id: FromPath[UUID], download_export: FromDishka[DownloadExport]
    ) -> JsonResponse[DownloadResponse]:
        """Go to the zip of an export: to a URL that is good for five minutes. Backups have secrets, and stay here."""
        url = await download_export(slug=slug, backup_id=BackupId(backup_id))
        headers = {"Location": url, "Cache-Control": "no-store"}
        return JsonResponse(DownloadResponse(url), status_code=HTTPStatus.FOUND, headers=headers)
