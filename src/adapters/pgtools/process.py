"""A program whose output is a stream of chunks, and whose input may be one."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

_CHUNK: Final = 1 << 18
_LAST_WORDS: Final = 4000


class ProgramFailedError(RuntimeError):
    """It ended with an error. The message is the end of what it said."""


async def output_of(
    command: Sequence[str | Path], environment: Mapping[str, str], source: AsyncIterator[bytes] | None = None
) -> AsyncGenerator[bytes, None]:
    """What it writes, as it writes it; it waits while nobody reads. Raise `ProgramFailedError`, and what `source` does.

    All of `source` is read, also what the program does not want. Whoever stops reading ends the program.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL if source is None else asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=dict(environment),
        limit=_CHUNK,
    )
    said = asyncio.create_task(_last_words(process.stderr))
    feeding = asyncio.create_task(_feed(process, source)) if source is not None else None
    try:
        while chunk := await _read(process.stdout):
            yield chunk
        if feeding is not None:
            await feeding
        if await process.wait():
            raise ProgramFailedError(await said)
    finally:
        await _end(process, feeding, said)


async def _read(stream: Any) -> bytes:
    chunk: bytes = await stream.read(_CHUNK)
    return chunk


async def _feed(process: asyncio.subprocess.Process, source: AsyncIterator[bytes]) -> None:
    """A source that fails ends the program: it must not take a part for the whole."""
    pipe: Any = process.stdin
    try:
        async for chunk in source:
            with suppress(BrokenPipeError, ConnectionResetError):
                pipe.write(chunk)
                await pipe.drain()
    except BaseException:
        with suppress(ProcessLookupError):
            process.kill()
        raise
    finally:
        pipe.close()


async def _last_words(stream: Any) -> str:
    said = b""
    while chunk := await stream.read(_LAST_WORDS):
        said = (said + chunk)[-_LAST_WORDS:]
    return said.decode(errors="replace").strip()


async def _end(
    process: asyncio.subprocess.Process, feeding: asyncio.Task[None] | None, said: asyncio.Task[str]
) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
    if feeding is not None and not feeding.done():
        feeding.cancel()
    await asyncio.gather(*(one for one in (feeding, said) if one is not None), return_exceptions=True)
    await process.wait()
