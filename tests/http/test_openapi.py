"""The OpenAPI document says what the API does: no more and no less."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from click.testing import CliRunner

from entrypoints.cli.main import taruvi
from entrypoints.http import (
    backups_wire,
    domains_wire,
    files_wire,
    grants_wire,
    groups_wire,
    identity_wire,
    imports,
    invitations_wire,
    members_wire,
    organizations_wire,
    password_reset,
    projects_wire,
    reports,
    schedules_wire,
    sites_wire,
    tasks_wire,
    users_wire,
)
from entrypoints.http.docs.examples import EXAMPLES
from entrypoints.http.wire import read_json

COMMITTED: Final = Path(__file__).parents[2] / "docs" / "openapi.json"
METHODS: Final = {"get", "put", "post", "delete", "patch"}
WIRES: Final = (
    backups_wire,
    domains_wire,
    files_wire,
    grants_wire,
    groups_wire,
    identity_wire,
    imports,
    invitations_wire,
    members_wire,
    organizations_wire,
    password_reset,
    projects_wire,
    reports,
    schedules_wire,
    sites_wire,
    tasks_wire,
    users_wire,
)

Json = dict[str, Any]


def the_document() -> Json:
    document: Json = json.loads(CliRunner().invoke(taruvi, ["openapi"], catch_exceptions=False).output)
    return document


DOCUMENT: Final = the_document()
SCHEMAS: Final[Json] = DOCUMENT["components"]["schemas"]
OPERATIONS: Final[dict[str, Json]] = {
    f"{method.upper()} {path}": operation
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
    if method in METHODS
}
each_operation = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


def test_the_committed_document_is_what_the_code_says() -> None:
    result = CliRunner().invoke(taruvi, ["openapi", "--check", str(COMMITTED)], catch_exceptions=False)
    assert result.exit_code == 0


@pytest.mark.parametrize("seed", ["1", "2"])
def test_it_is_the_same_in_each_process(seed: str) -> None:
    """Litestar keeps paths and headers in sets."""
    command = [
        sys.executable,
        "-c",
        "from entrypoints.cli.main import main; main()",
        "openapi",
        "--check",
        str(COMMITTED),
    ]
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(COMMITTED.parents[1] / "src")}
    subprocess.run(command, check=True, env=environment)


@each_operation
def test_an_operation_is_told_in_words(operation: Json) -> None:
    assert re.fullmatch(r"[A-Z][^.;:]+", operation["summary"])
    assert operation["description"].startswith(operation["summary"])
    assert len(operation["tags"]) == 1


def test_no_text_is_indented_as_in_the_code() -> None:
    """Python 3.13 takes the indentation of docstrings away, and those before do not: the document would differ."""
    assert "\\n    " not in COMMITTED.read_text()


def test_operations_have_names_of_their_own() -> None:
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert all(re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", name) for name in names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_are_named_for_people(name: str) -> None:
    assert re.fullmatch(r"([A-Z][a-z]+)+", name)
    assert not re.search(r"View|Response|Empty|Struct|_", name)
    assert SCHEMAS[name].get("title", name) == name


def nodes(tree: Any) -> list[Json]:
    children = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    return [*([tree] if isinstance(tree, dict) else []), *(node for child in children for node in nodes(child))]


def test_every_reference_leads_somewhere_and_every_schema_is_referred_to() -> None:
    references = {node["$ref"] for node in nodes(DOCUMENT) if "$ref" in node}
    assert references == {f"#/components/schemas/{name}" for name in SCHEMAS}


def test_a_choice_has_more_than_one_side() -> None:
    assert all(len(node["oneOf"]) > 1 for node in nodes(DOCUMENT) if isinstance(node.get("oneOf"), list))


def test_every_answer_and_every_body_has_an_example() -> None:
    contents = [content for node in nodes(DOCUMENT) if (content := node.get("application/json"))]
    assert contents
    for content in contents:
        schema = content["schema"]
        named = SCHEMAS.get(schema.get("$ref", "").rpartition("/")[2], schema)
        assert content.get("examples") or named.get("examples") or named.get("additionalProperties") == {}, content


@pytest.mark.parametrize("name", [name for name in SCHEMAS if SCHEMAS[name].get("examples")])
def test_an_example_has_the_fields_of_its_schema(name: str) -> None:
    schema = SCHEMAS[name]
    for example in schema["examples"]:
        assert set(schema["required"]) <= set(example) <= set(schema["properties"])


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name.endswith("Request")])
def test_an_example_of_a_body_is_accepted(name: str) -> None:
    kind = next(getattr(wire, name) for wire in WIRES if hasattr(wire, name))
    read_json(json.dumps(EXAMPLES[name]).encode(), kind)


@pytest.mark.parametrize("name", [name for name in SCHEMAS if name.endswith("Request")])
def test_a_body_has_no_other_fields(name: str) -> None:
    assert SCHEMAS[name]["additionalProperties"] is False


@each_operation
def test_who_may_be_refused_must_sign_in(operation: Json) -> None:
    """Or send a token in the body, to enter a site with it."""
    if operation["operationId"] == "enterSite":
        return
    signs_in = {"BearerToken": []} in operation.get("security", [])
    assert signs_in or "403" not in operation["responses"]
    assert not signs_in or "401" in operation["responses"]


@each_operation
def test_every_refusal_is_an_error_with_what_the_client_needs(operation: Json) -> None:
    needed = {"401": {"WWW-Authenticate"}, "429": {"Retry-After"}, "503": {"Retry-After"}}
    for status, answer in operation["responses"].items():
        if int(status) < 400 or operation["tags"] == ["Health"]:
            continue
        assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Error"}
        assert set(answer.get("headers", {})) >= needed.get(status, set())


def test_every_list_tells_its_parameters() -> None:
    told = {
        operation["operationId"]: {one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"}
        for operation in OPERATIONS.values()
        if "count" in SCHEMAS.get(_answer(operation).rpartition("/")[2], {}).get("properties", {})
    }
    assert len(told) > 10
    assert all({"page", "page_size"} <= names for names in told.values()), told
    filters = {"search", "status", "owner", "created_at__gte", "created_at__lte", "ordering"}
    assert told["listProjects"] == {"page", "page_size"} | filters


def _answer(operation: Json) -> str:
    content = operation["responses"].get("200", {}).get("content", {})
    return str(content.get("application/json", {}).get("schema", {}).get("$ref", ""))
