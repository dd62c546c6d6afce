"""From what Litestar generates to a document for people: short names, one form for each thing, examples."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from entrypoints.audited import AUDITED
from entrypoints.http.docs.examples import EXAMPLES
from entrypoints.http.docs.links import add_links

_LIST: Final = re.compile(r"ListResponse_(?:\w+\.)*(?P<of>\w+?)(?:View|Response)_")
_LAYER: Final = re.compile(r"(?P<of>\w+?)(?:View|Response)")
_SENTENCE_END: Final = re.compile(r"[.:;]\s|\.?\Z")
_NAMES: Final = {"TokenResponse": "TokenPair"}
_METHODS: Final = {"get", "put", "post", "delete", "patch"}
_HEADERS: Final = {
    "401": ("WWW-Authenticate", "Why the token was not accepted."),
    "405": ("Allow", "What can be done here."),
    "429": ("Retry-After", "Seconds to wait."),
    "503": ("Retry-After", "Seconds to wait."),
}

Json = dict[str, Any]
_PAST: Final[Json] = {
    "type": "object",
    "title": "Past",
    "description": "With `as_of`: the fields as they were stored then, without those that are counted or looked up.",
    "required": ["id", "created_at", "updated_at", "version"],
}


def tidied(document: Json) -> Json:
    """The document, changed in place."""
    schemas: Json = document.get("components", {}).get("schemas", {})
    names = {name: _short(name) for name in schemas}
    _each(document, lambda node: _refer(node, names))
    _each(document, _flatten)
    _each(document, lambda node: _inline_empty(node, names, schemas))
    schemas = {name: schema for name, schema in schemas.items() if not _is_empty(schema)}
    document.get("components", {})["schemas"] = {names[name]: schemas[name] for name in sorted(schemas, key=_short)}
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        _describe(name, schema)
    document["paths"] = dict(sorted(document["paths"].items()))  # Litestar has them in sets
    for path in _never_reverted():
        document["paths"].get(path, {}).get("post", {}).get("responses", {}).pop("200", None)
    taken: set[str] = set()
    for path, operations in sorted(document["paths"].items(), key=lambda item: len(item[0])):
        for method in sorted(_METHODS & operations.keys()):
            _order_parameters(path, operations[method])
            _tidy_operation(operations[method], taken, is_health=path.startswith("/health"))
            _allow_past(operations[method])
    add_links(document["paths"])
    return document


def _never_reverted() -> Iterator[str]:
    """What always refuses has no answer for when it is done."""
    for place in AUDITED:
        if not place.resource.kind.writable:
            yield re.sub(r":\w+}", "}", place.path) + "/history/{entry_id}/revert"


def _allow_past(operation: Json) -> None:
    """What answers `as_of` shows what was stored then: nobody kept what is counted and looked up."""
    if any(one["name"] == "as_of" for one in operation.get("parameters", ())):
        media = operation["responses"]["200"]["content"]["application/json"]
        of = media["schema"]["$ref"].rpartition("/")[2]
        media["schema"] = {"anyOf": [media["schema"], _PAST], "examples": [EXAMPLES[of]]}


def _short(name: str) -> str:
    if found := _LIST.fullmatch(name):
        return f"{found['of']}List"
    found = _LAYER.fullmatch(name)
    return _NAMES.get(name) or (found["of"] if found else name)


def _each(node: Any, change: Callable[[Json], None]) -> None:
    if isinstance(node, dict):
        change(node)
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _each(child, change)


def _refer(node: Json, names: dict[str, str]) -> None:
    place, _, name = str(node.get("$ref", "")).rpartition("/")
    if name in names:
        node["$ref"] = f"{place}/{names[name]}"


def _is_empty(schema: Json) -> bool:
    return schema.get("properties") == {}


def _inline_empty(node: Json, names: dict[str, str], schemas: Json) -> None:
    """`{}` needs no name."""
    empty = {f"#/components/schemas/{names[name]}" for name, schema in schemas.items() if _is_empty(schema)}
    if node.get("$ref") in empty:
        del node["$ref"]
        node.update(type="object", maxProperties=0, examples=[{}])


def _flatten(node: Json) -> None:
    """What may be left out is not "one of one"."""
    one_of = node.get("oneOf")
    if isinstance(one_of, list) and len(one_of) == 1:
        del node["oneOf"]
        node.update(one_of[0] | node)


def _describe(name: str, schema: Json) -> None:
    if "title" in schema:
        schema["title"] = name
    if name.endswith("Request"):
        schema["additionalProperties"] = False
    if name in EXAMPLES:
        schema["examples"] = [EXAMPLES[name]]
    elif (of := name.removesuffix("List")) in EXAMPLES:
        schema["examples"] = [{"count": 1, "next": None, "previous": None, "results": [EXAMPLES[of]]}]


def _order_parameters(path: str, operation: Json) -> None:
    """Those of the path as they stand in it, before all others: Litestar has some in sets."""
    if given := operation.get("parameters"):
        given.sort(key=lambda one: path.index(f"{{{one['name']}}}") if one["in"] == "path" else len(path))


def _tidy_operation(operation: Json, taken: set[str], *, is_health: bool) -> None:
    text = operation.get("description", "")
    words = re.findall(r"[A-Z][a-z0-9]*", operation.get("summary", "").replace(" ", ""))
    operation["summary"] = _SENTENCE_END.split(text)[0] or operation.get("summary", "")
    name = "".join(words)
    name = name[:1].lower() + name[1:]
    operation["operationId"] = name if name not in taken else f"{name}Alias"
    taken.add(operation["operationId"])
    for status, answer in list(operation.get("responses", {}).items()):
        if answer.get("description") == "Bad request syntax or unsupported method":
            del operation["responses"][status]  # Litestar's own: we refuse such a parameter in our own form
            continue
        _tidy_answer(status, answer, is_health=is_health)


def _tidy_answer(status: str, answer: Json, *, is_health: bool) -> None:
    answer["description"] = _SUCCESS.get(status, answer.get("description", ""))
    if status in _HEADERS and not is_health:
        name, description = _HEADERS[status]
        answer.setdefault("headers", {})[name] = {"description": description}
    if "headers" in answer:
        answer["headers"] = dict(sorted(answer["headers"].items()))  # Litestar has them in sets, too
    for header in answer.get("headers", {}).values():
        header.setdefault("schema", {"type": "string"})
    for example in _examples_of(answer):
        example.pop("id", None)


def _examples_of(answer: Json) -> Iterator[Json]:
    for content in answer.get("content", {}).values():
        yield from content.get("examples", {}).values()


_SUCCESS: Final = {"200": "Done; this is the answer.", "201": "Created; this is it.", "204": "Done; nothing to say."}
