"""Links: from the answer that creates something to the operations on it (OpenAPI 3.1, 4.8.20)."""

import re
from typing import Any, Final

Json = dict[str, Any]

_PARAMETER: Final = re.compile(r"\{(\w+)\}")
_IN_BODY: Final = {"slug": "/slug", "domain": "/domain", "user_id": "/user/id"}
"""Where an address is not the answer's `id`."""


def add_links(paths: dict[str, Json]) -> None:
    """`paths` is changed in place: each `201` names what can be done with what it made."""
    for path, operations in paths.items():
        created = operations.get("post", {}).get("responses", {}).get("201")
        if created is None:
            continue
        below = {place: found for place in paths if (found := re.match(rf"{re.escape(path)}/\{{(\w+)\}}(/|\Z)", place))}
        links = {
            operation["operationId"]: _link(path, found[1], operation)
            for place, found in below.items()
            for operation in paths[place].values()
            if len(_PARAMETER.findall(place)) == len(_PARAMETER.findall(path)) + 1
        }
        if links:
            created["links"] = dict(sorted(links.items()))


def _link(path: str, parameter: str, operation: Json) -> Json:
    known = {name: f"$request.path.{name}" for name in _PARAMETER.findall(path)}
    made = f"$response.body#{'/id' if path.endswith('/users') else _IN_BODY.get(parameter, '/id')}"
    return {"operationId": operation["operationId"], "parameters": known | {parameter: made}}
