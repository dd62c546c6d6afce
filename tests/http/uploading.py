"""Files as clients make them: announced, sent to the store, completed."""

import hashlib
from typing import Any, Final

import httpx

from application.files.store import SignedRequest
from tests.world import World

FILES: Final = "/api/files"
HELLO: Final = b"hello world"


def announced(content: bytes = HELLO, /, **more: Any) -> dict[str, Any]:
    digest = hashlib.sha256(content).hexdigest()
    return {"content_type": "text/plain", "size": len(content), "sha256": digest} | more


def send(world: World, upload: dict[str, Any], content: bytes = HELLO) -> None:
    """As `upload` says, to the store of the world."""
    for one in upload.get("parts") or [upload | {"offset": 0, "size": len(content)}]:
        request = SignedRequest(method=one["method"], url=one["url"], headers=one["headers"])
        answer = world.objects.send(request, content[one["offset"] : one["offset"] + one["size"]])
        assert answer.status == 200


async def begun(
    client: httpx.AsyncClient, base: str, headers: dict[str, str], content: bytes = HELLO, /, **more: Any
) -> dict[str, Any]:
    """The answer for a file that is pending."""
    body = announced(content, **{"name": "Plan.txt"} | more)
    answer = await client.post(f"{base}{FILES}/", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def stored(
    world: World, client: httpx.AsyncClient, base: str, headers: dict[str, str], content: bytes = HELLO, /, **more: Any
) -> dict[str, Any]:
    """The answer for a file that is there."""
    made = await begun(client, base, headers, content, **more)
    send(world, made["upload"], content)
    answer = await client.post(f"{base}{FILES}/{made['id']}/complete/", headers=headers)
    assert answer.status_code == 200, answer.text
    file: dict[str, Any] = answer.json()
    return file
