from pathlib import Path
from typing import Annotated, Any, Final

from litestar import Controller, MediaType, Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, QueryParameter
from litestar.response import File
from litestar.status_codes import HTTP_304_NOT_MODIFIED

from entrypoints.http.docs.assets import ASSETS, media_type_of
from entrypoints.http.docs.document import DocumentFormat, negotiated, rendered

# It is ReDoc that writes style elements and searches in a worker made from a blob.
DOCS_CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; "
    "connect-src 'self'; "
    "worker-src blob:; "
    "base-uri 'none'; "
    "form-action 'none'; "
    "frame-ancestors 'none'"
)

PAGES: Final = Path(__file__).parent / "pages"
SWAGGER_PAGE: Final = (PAGES / "swagger.html").read_bytes()
REDOC_PAGE: Final = (PAGES / "redoc.html").read_bytes()

PAGE_HEADERS: Final = {
    "Content-Security-Policy": DOCS_CONTENT_SECURITY_POLICY,
    "Cache-Control": "no-cache",
}
ASSET_HEADERS: Final = {"Cache-Control": "public, max-age=31536000, immutable"}


class DocsController(Controller):
    """The OpenAPI document, Swagger UI and ReDoc; nothing here comes from another host."""

    path = "/api"
    include_in_schema = False

    @get("/schema")
    async def show_document(
        self,
        request: Request[Any, Any, Any],
        format: Annotated[DocumentFormat | None, QueryParameter()] = None,  # noqa: A002 - wire name
    ) -> Response[bytes]:
        media_type = negotiated(format, request.accept)
        document = rendered(request.app, media_type)
        headers = {"ETag": document.etag, "Cache-Control": "no-cache", "Vary": "Accept"}
        if document.is_known_to(request.headers.get("If-None-Match", "")):
            return Response(b"", status_code=HTTP_304_NOT_MODIFIED, headers=headers)
        return Response(document.body, media_type=media_type, headers=headers)

    @get("/docs", media_type=MediaType.HTML)
    async def show_swagger(self) -> Response[bytes]:
        return Response(SWAGGER_PAGE, headers=PAGE_HEADERS)

    @get("/redoc", media_type=MediaType.HTML)
    async def show_redoc(self) -> Response[bytes]:
        return Response(REDOC_PAGE, headers=PAGE_HEADERS)

    @get("/docs/static/{package:str}/{name:str}")
    async def send_asset(self, package: FromPath[str], name: FromPath[str]) -> File:
        asset = ASSETS.get((package, name))
        if asset is None:
            raise NotFoundException
        return File(
            asset,
            filename=name,
            media_type=media_type_of(asset),
            content_disposition_type="inline",
            headers=ASSET_HEADERS,
        )
