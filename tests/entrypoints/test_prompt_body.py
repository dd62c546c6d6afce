import asyncio
from typing import Any

import pytest

from entrypoints.http.prompt_body import PromptBody, SlowBodyError


async def test_a_body_in_time_goes_through() -> None:
    messages = [{"body": b"a", "more_body": True}, {"body": b"b", "more_body": False}]

    async def receive() -> Any:
        return messages.pop(0)

    body = PromptBody(receive, seconds=5)
    assert [(await body())["body"], (await body())["body"]] == [b"a", b"b"]


async def test_a_body_that_never_ends_is_given_up() -> None:
    async def receive() -> Any:
        await asyncio.Event().wait()

    with pytest.raises(SlowBodyError):
        await PromptBody(receive, seconds=0.01)()


async def test_a_body_that_drips_is_given_up_as_a_whole() -> None:
    async def receive() -> Any:
        await asyncio.sleep(0.004)
        return {"body": b"x", "more_body": True}

    body = PromptBody(receive, seconds=0.02)

    async def read_on() -> None:
        for _ in range(1000):
            await body()

    with pytest.raises(SlowBodyError):
        await read_on()


async def test_after_the_body_the_client_may_take_its_time() -> None:
    gone = asyncio.Event()

    async def receive() -> Any:
        if not gone.is_set():
            gone.set()
            return {"body": b"", "more_body": False}
        await asyncio.sleep(0.03)
        return {"type": "http.disconnect"}

    body = PromptBody(receive, seconds=0.01)
    await body()
    assert await body() == {"type": "http.disconnect"}
