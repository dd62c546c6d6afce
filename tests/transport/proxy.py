"""A TCP proxy that can be cut: connections break off, new ones are refused or hang."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

_CHUNK: Final = 1 << 16


class CutProxy:
    """Listens on 127.0.0.1:`port` for a server on this machine."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._flows = asyncio.Event()
        self._flows.set()
        self._allowance: int | None = None
        self.port = 0

    async def restore(self) -> None:
        """Listen, again or for the first time, and let everything through."""
        self._allowance = None
        self._flows.set()
        if self._server is None:
            self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Break off all connections; nobody answers to new ones."""
        if self._server:
            self._server.close()
            self._server = None
        self.break_off()

    def break_off(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()

    def swallow(self) -> None:
        """A network that drops everything without a word: connections are made and hang."""
        self._flows.clear()

    def cut_after(self, count: int) -> None:
        """Break off all connections when so many more bytes went to the server."""
        self._allowance = count

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._target_port)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, back}
        await asyncio.gather(self._pump(reader, back, counts=True), self._pump(there, writer, counts=False))
        self._writers -= {writer, back}

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counts: bool) -> None:
        try:
            while data := await reader.read(_CHUNK):
                await self._flows.wait()
                if counts and self._allowance is not None:
                    self._allowance -= len(data)
                    if self._allowance <= 0:
                        self.break_off()
                        return
                writer.write(data)
                await writer.drain()
        except OSError:
            return
        finally:
            writer.close()


@asynccontextmanager
async def cut_proxy(target_port: int) -> AsyncIterator[CutProxy]:
    proxy = CutProxy(target_port)
    await proxy.restore()
    try:
        yield proxy
    finally:
        await proxy.restore()
        await proxy.cut()
