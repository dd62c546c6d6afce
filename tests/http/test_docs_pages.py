import re
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest
import yaml
from litestar import Litestar, get
from litestar.openapi.config import OpenAPIConfig
from litestar.testing import AsyncTestClient

from entrypoints.http.docs import controller
from entrypoints.http.docs.controller import DOCS_CONTENT_SECURITY_POLICY, DocsController
from entrypoints.http.docs.unrouted import Unrouted

DOCS = Path(controller.__file__).parent
STATIC = DOCS / "static"
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
OURS = [*DOCS.glob("pages/*.html"), *STATIC.glob("taruvi-*/*.js"), *STATIC.glob("taruvi-*/*.css")]
OPENAPI = "application/vnd.oai.openapi"
Client = AsyncTestClient[Litestar]
PAGES = ["/api/docs", "/api/docs/", "/api/redoc", "/api/redoc/"]
each_page = pytest.mark.parametrize("page", PAGES)


@get("/api/plants")
async def list_plants() -> dict[str, float | None]:
    return {"Ash": None}


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    config = OpenAPIConfig(title="Taruvi API", version="1", openapi_router=Unrouted())
    app = Litestar([DocsController, list_plants], openapi_config=config)
    async with AsyncTestClient(app) as client:
        yield client


@each_page
async def test_a_page_is_html_without_inline_scripts(client: Client, page: str) -> None:
    answer = await client.get(page)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.headers["content-security-policy"] == DOCS_CONTENT_SECURITY_POLICY
    assert re.search(r'<html lang="en">[^$]*<title>Taruvi API</title>', answer.text)
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|<script[^>]*>[^<]", answer.text)


@each_page
async def test_all_that_a_page_names_is_there(client: Client, page: str) -> None:
    named = re.findall(r'(?:src|href)="([^"]+)"', (await client.get(page)).text)
    assets = [address for address in named if "/static/" in address]

    assert {"/api/docs/", "/api/redoc/", "/api/schema/"} < set(named)
    assert len(assets) >= 4
    assert {(await client.get(address)).status_code for address in named} == {200}
    for asset in assets:
        answer = await client.get(asset)
        assert answer.content == (DOCS / asset.removeprefix("/api/docs/")).read_bytes()
        assert answer.headers["content-type"].split(";")[0] == MEDIA_TYPES[Path(asset).suffix]
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.name)
def test_nothing_of_ours_names_another_host(file: Path) -> None:
    assert not re.search(r"""https?:|["'(=]\s*//\w""", file.read_text())


def test_the_readme_has_the_sum_of_every_asset() -> None:
    lines = re.findall(r"^([0-9a-f]{64}  \S+)$", (STATIC / "README.md").read_text(), re.MULTILINE)
    assets = {a.relative_to(STATIC).as_posix(): a.read_bytes() for a in STATIC.glob("*/*")}

    assert set(lines) == {f"{sha256(assets[name]).hexdigest()}  {name}" for name in assets}
    assert b"cdn.redoc" not in assets["redoc-2.5.4/redoc.standalone.js"]


@pytest.mark.parametrize(
    ("query", "accept", "kind"),
    [
        ("?format=yaml", "*/*", "application/yaml"),
        ("?format=json", "application/yaml", "application/json"),
        ("", "application/yaml", "application/yaml"),
        ("", f"{OPENAPI};version=3.1", OPENAPI),
        ("", f"{OPENAPI}+json", f"{OPENAPI}+json"),
        ("", "application/json;q=0.5, application/yaml", "application/yaml"),
        *[("", a, "application/json") for a in ("text/html, */*;q=0.8", "image/png", "x", "")],
    ],
)
async def test_comes_as_asked(client: Client, query: str, accept: str, kind: str) -> None:
    answer = await client.get(f"/api/schema{query}", headers={"Accept": accept})
    again = await client.get("/api/schema/", headers={"If-None-Match": answer.headers["etag"]})

    assert (answer.headers["content-type"], answer.headers["vary"]) == (kind, "Accept")
    assert yaml.safe_load(answer.text) == (await client.get("/api/schema/")).json()
    assert list(yaml.safe_load(answer.text)["paths"]) == ["/api/plants"]
    assert answer.text.startswith("{") is kind.endswith("json")
    assert again.status_code == (304 if kind.endswith("json") else 200)


@pytest.mark.parametrize("known", ["{}", "W/{}", '"other", {}', "*"])
async def test_a_known_document_is_not_sent_again(client: Client, known: str) -> None:
    etag = (await client.get("/api/schema/")).headers["etag"]
    answer = await client.get("/api/schema/", headers={"If-None-Match": known.format(etag)})

    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)


@pytest.mark.parametrize("value", ["xml", "", "JSON"])
async def test_refuses_an_unknown_format(client: Client, value: str) -> None:
    answer = await client.get(f"/api/schema/?format={value}")
    assert (answer.status_code, answer.json()["extra"][0]["key"]) == (400, "format")


STRAYS = ["%2e%2e/controller.py", "taruvi-1/..%2F..%2Fcontroller.py", "taruvi-1/no.js", "README.md"]
DEFAULTS = ["/schema", "/schema/openapi.json", "/schema/swagger", "/openapi.json", "/"]


@pytest.mark.parametrize("path", [*(f"/api/docs/static/{stray}" for stray in STRAYS), *DEFAULTS])
async def test_nothing_else_is_served(client: Client, path: str) -> None:
    assert (await client.get(path)).status_code == 404
