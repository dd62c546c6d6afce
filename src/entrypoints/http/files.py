from http import HTTPStatus
from typing import Any
from uuid import UUID

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, Request, delete, get, patch, post
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_302_FOUND

from application.files.begin_file import BeginFile
from application.files.change_file import ChangeFile
from application.files.complete_file import CompleteFile
from application.files.delete_file import DeleteFile
from application.files.download_file import DownloadFile
from application.files.file_history import FileHistory
from application.files.read_files import ListFiles, ShowFile
from application.files.replace_file import ReplaceFile
from application.files.views import FileView
from application.shared.page import Page
from domain.files.upload import FileId
from entrypoints.http.answers import ETAG, LOCATION, answers
from entrypoints.http.context import RequestContext
from entrypoints.http.etags import IfMatch, etag, seen_versions
from entrypoints.http.file_answers import BegunFileResponse, DownloadResponse, FileResponse
from entrypoints.http.files_wire import (
    AnnounceBytesRequest,
    BeginFileRequest,
    ChangeFileRequest,
    FileListQuery,
)
from entrypoints.http.guards import site_user
from entrypoints.http.history import AS_OF, Past
from entrypoints.http.history_wire import AsOfQuery
from entrypoints.http.json_response import JsonResponse
from entrypoints.http.lists import ListResponse, listed, listing
from entrypoints.http.wire import StrictJson, from_query

BYTES = ResponseHeader(name="Location", description="Where the bytes are for a short time.", documentation_only=True)


class FileController(Controller):
    path = "/api/files"
    tags = ("Files",)
    before_request = staticmethod(site_user)
    security = ({"BearerToken": []},)

    @get(
        dependencies={"asked": Provide(from_query(FileListQuery), sync_to_thread=False)},
        operation_class=listing(FileListQuery),
        responses=answers(400, permitted=False),
    )
    @inject
    async def list_files(
        self,
        request: Request[Any, Any, Any],
        asked: NamedDependency[FileListQuery],
        list_files: FromDishka[ListFiles],
        context: FromDishka[RequestContext],
    ) -> ListResponse[FileResponse]:
        """The files that the caller may view, newest first unless ordered otherwise; with `status=pending` those that
        the caller has not completed.
        """
        page = await list_files(asked.as_query())
        return listed(Page(page.count, [FileResponse.of(file, context) for file in page.results]), asked, request)

    @post(
        dto=StrictJson[BeginFileRequest],
        return_dto=None,
        response_headers=[ETAG, LOCATION],
        responses=answers(422, body=True),
    )
    @inject
    async def begin_file(
        self,
        data: JSONBody[BeginFileRequest],
        begin_file: FromDishka[BeginFile],
        context: FromDishka[RequestContext],
    ) -> JsonResponse[BegunFileResponse]:
        """Announce a file. Send its bytes as `upload` says, straight to the object store, then complete it.

        Until then it is pending, and there for the caller alone. What is not completed in time goes away.
        """
        begun = await begin_file(
            name=data.name, content_type=data.content_type, size=data.size, sha256=data.digest, place=data.place
        )
        location = {"Location": f"/api/files/{begun.file.id}/"}
        return JsonResponse(BegunFileResponse.begun(begun, context), headers=etag(begun.file.version) | location)

    @get("/{file_id:uuid}", response_headers=[ETAG], responses=answers(400, permitted=False), **AS_OF)
    @inject
    async def show_file(
        self,
        file_id: FromPath[UUID],
        show_file: FromDishka[ShowFile],
        context: FromDishka[RequestContext],
        asked: NamedDependency[AsOfQuery],
        past: FromDishka[Past],
    ) -> JsonResponse[FileResponse]:
        """One file that the caller may view, or has not completed yet."""
        if (then := await past(FileHistory, asked, file_id=file_id)) is not None:
            return then
        return _shown(await show_file(file_id=FileId(file_id)), context)

    @patch(
        "/{file_id:uuid}",
        dto=StrictJson[ChangeFileRequest],
        return_dto=None,
        response_headers=[ETAG],
        responses=answers(409, 412, body=True),
    )
    @inject
    async def change_file(
        self,
        file_id: FromPath[UUID],
        data: JSONBody[ChangeFileRequest],
        change_file: FromDishka[ChangeFile],
        context: FromDishka[RequestContext],
        if_match: IfMatch = None,
    ) -> JsonResponse[FileResponse]:
        """Rename a file, or move it into a project or a task, or out of it; to move it takes all permissions on it."""
        file = await change_file(file_id=FileId(file_id), changes=data.changes(), seen=seen_versions(if_match))
        return _shown(FileView.of(file), context)

    @delete("/{file_id:uuid}", responses=answers(412))
    @inject
    async def delete_file(
        self, file_id: FromPath[UUID], delete_file: FromDishka[DeleteFile], if_match: IfMatch = None
    ) -> None:
        """Delete a file, its bytes and the grants on it, or give up its upload. Its history stays."""
        await delete_file(file_id=FileId(file_id), seen=seen_versions(if_match))

    @post(
        "/{file_id:uuid}/complete",
        status_code=HTTP_200_OK,
        response_headers=[ETAG],
        responses=answers(409, 422),
    )
    @inject
    async def complete_file(
        self, file_id: FromPath[UUID], complete_file: FromDishka[CompleteFile], context: FromDishka[RequestContext]
    ) -> JsonResponse[FileResponse]:
        """Check the uploaded bytes: the file is there, or has its new bytes, if they are as announced.

        Otherwise they and their upload are gone (422). May be repeated.
        """
        return _shown(await complete_file(file_id=FileId(file_id)), context)

    @get(
        "/{file_id:uuid}/download",
        status_code=HTTP_302_FOUND,
        response_headers=[BYTES],
        responses=answers(409, 422, permitted=False),
    )
    @inject
    async def download_file(
        self, file_id: FromPath[UUID], download_file: FromDishka[DownloadFile]
    ) -> JsonResponse[DownloadResponse]:
        """Go to the bytes of a file: to a URL that is good for a short time, and that nobody should keep."""
        url = await download_file(file_id=FileId(file_id))
        headers = {"Location": url, "Cache-Control": "no-store"}
        return JsonResponse(DownloadResponse(url), status_code=HTTPStatus.FOUND, headers=headers)

    @post(
        "/{file_id:uuid}/replace",
        dto=StrictJson[AnnounceBytesRequest],
        return_dto=None,
        status_code=HTTP_200_OK,
        response_headers=[ETAG],
        responses=answers(422, body=True),
    )
    @inject
    async def replace_file(
        self,
        file_id: FromPath[UUID],
        data: JSONBody[AnnounceBytesRequest],
        replace_file: FromDishka[ReplaceFile],
        context: FromDishka[RequestContext],
    ) -> JsonResponse[BegunFileResponse]:
        """Announce other bytes for a file; it keeps those it has until they are uploaded and completed.

        The newest announcement counts. A pending file is begun anew so, also when its requests ran out.
        """
        begun = await replace_file(
            file_id=FileId(file_id), content_type=data.content_type, size=data.size, sha256=data.digest
        )
        return JsonResponse(BegunFileResponse.begun(begun, context), headers=etag(begun.file.version))


def _shown(file: FileView, context: RequestContext) -> JsonResponse[FileResponse]:
    return JsonResponse(FileResponse.of(file, context), headers=etag(file.version))
